"""Test folders that anyone can add to: a small whole program, and over it the few files that a
folder holds."""

from __future__ import annotations

import shutil
from pathlib import Path

from paths import DATA

HERE = DATA
# A file that lies openly in a folder takes the place of this one of the small program.
IN_PLACE_OF = {
    "case.yaml": "case_studies/example.yaml",
    "worksheet.yaml": "worksheets/roles.yaml",
    "session.yaml": "sessions/first_day.yaml",
    "page.yaml": "curriculum/pages/welcome.yaml",
    "curriculum.yaml": "curriculum/curriculum.yaml",
    "cohort.yaml": "cohorts/fall/cohort.yaml",
}
EXTRA = {"expected.txt"}


def laid_out(program: Path, folder: Path, to: Path) -> Path:
    """Make the small `program` at `to` with the files of `folder` over it; return `to`."""
    shutil.copytree(program, to)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in EXTRA:
            target = to / IN_PLACE_OF.get(name, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return to
