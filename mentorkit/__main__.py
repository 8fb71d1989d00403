"""`python -m mentorkit` is `mentorkit`."""

import sys

from mentorkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
