"""Test folders that anyone can add to: a small whole program, and over it the few files that a folder holds."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A file that lies openly in a folder takes the place of this one of the small program.
IN_PLACE_OF = {
    "case.yaml": "case_studies/example.yaml",
    "worksheet.yaml": "worksheets/roles.yaml",
    "session.yaml": "sessions/first_day.yaml",
    "page.yaml": "curriculum/pages/welcome.yaml",
    "curriculum.yaml": "curriculum/curriculum.yaml",
    "cohort.yaml": "cohorts/fall/cohort.yaml",
}
EXTRA = {"expected.txt", "fixed.yaml"}


def laid_out(program: Path, folder: Path, to: Path, fixed: bool = False) -> Path:
    """The small `program` at `to` with the files of `folder` over it.

    With `fixed`: its `fixed.yaml` in place of the spoiled file, or, where several files are mended, those in `fixed/` in place of them all.
    """
    shutil.copytree(program, to)
    if fixed and (folder / "fixed").is_dir():
        folder = folder / "fixed"
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name in EXTRA or name.startswith("fixed/"):
            continue
        target = to / IN_PLACE_OF.get(name, name)
        for above in reversed(
            target.relative_to(to).parents
        ):  # a folder may stand where the program has a file
            if (to / above).is_file():
                (to / above).unlink()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(
            (
                folder / "fixed.yaml"
                if fixed and name in IN_PLACE_OF and (folder / "fixed.yaml").exists()
                else path
            ).read_bytes()
        )
    return to
