"""From a cohort to its finished handouts, laid out by the worker."""

from __future__ import annotations

import re
from dataclasses import replace

from mentorkit.compose.compose import Composed
from mentorkit.handouts.handouts import Handouts, Sheet, handouts
from mentorkit.output.build_cache import CachingRenderer
from mentorkit.pdf.name_drawings import BOX
from mentorkit.pdf.worker import Job, Rendered, Worker
from mentorkit.people.roster import Roster
from mentorkit.program.library import Library
from mentorkit.program.schedule import scheduled

NO_LETTER = re.compile(r"no font of the book has .*\(U\+([0-9A-F]+)\)", re.DOTALL)


def prepare(library: Library, composed: Composed, roster: Roster) -> Handouts:
    """The handouts of a composed cohort, its roster’s problems among theirs."""
    _, cohort = scheduled(library, library.cohorts[composed.cohort].model)
    made = handouts(composed, cohort, roster, library.folder)
    return replace(made, problems=(*roster.problems, *made.problems))


def missing_letters_notice(cohort: str, handouts: Handouts, lost: set[str]) -> str:
    """Return a warning that names the people in whose names boxes replace letters."""
    whose = "; ".join(
        f"{name}: {' '.join(gone)}" for name in handouts.names if (gone := sorted(lost & set(name)))
    )
    return (
        f"warning: {cohort}/handouts: boxes stand for letters that no font here has ({whose}); "
        "install a font that has them, such as Noto"
    )


def typeset_sheet(sheet: Sheet, worker: CachingRenderer | Worker) -> tuple[Rendered, set[str]]:
    """Return the PDF, and the letters that no font here has: boxes are printed for them."""
    rendered = worker.render(Job(sheet.path, sheet.html, system_fonts=True))
    found = [NO_LETTER.fullmatch(complaint) for complaint in rendered.complaints]
    lost = {chr(int(match[1], 16)) for match in found if match}
    if lost:
        html = "".join(BOX if letter in lost else letter for letter in sheet.html)
        rendered = worker.render(Job(sheet.path, html, system_fonts=True))
    return rendered, lost
