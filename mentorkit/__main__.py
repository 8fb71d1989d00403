"""`python -m mentorkit` is `mentorkit`."""

import sys

from mentorkit.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
