"""The outputs of a build: one visible list, read by `--only`, `--help`, the README and the page.

It imports nothing heavy, since the command line reads it before it knows what to do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    """Something a build makes: `name` as `--only` spells it, `files` as they are named, `about` it.

    `documents` names the function in `mentorkit.pipeline.documents` that yields the PDFs to be laid
    out, `artifacts` the one in `mentorkit.pipeline.site` that yields files of other kinds. Both are
    empty for handouts: they come from the list of people, not from an edition.
    """

    name: str
    files: str
    about: str
    documents: str = ""
    artifacts: str = ""


OUTPUTS: tuple[Output, ...] = (
    Output(
        "workbook",
        "workbook.pdf",
        "to print and write in: three-hole margin, ruled answer spaces, Letter or A4",
        "printed_workbook",
    ),
    Output(
        "workbook-fillable",
        "workbook-fillable.pdf",
        "the same book, page for page, as one form to fill in Acrobat, Preview or a browser",
        "fillable_workbook",
    ),
    Output(
        "workbook-large",
        "workbook-large.pdf",
        "the book in large print, when someone on the list asks for it; the guide then holds a "
        "table of its pages",
        "large_workbook",
    ),
    Output(
        "facilitator-guide",
        "facilitator-guide.pdf",
        "the facilitator's own book: run sheets, words to say, what usually comes up, online and "
        "in-person ways, and the real page of the workbook for everything",
        "guide",
    ),
    Output(
        "worksheets",
        "worksheets/*.pdf",
        "each worksheet as a file of its own, fillable and good to print",
        "worksheets",
    ),
    Output(
        "take-home",
        "take-home.pdf",
        "the sheets to take home in one file; each is among the worksheets, too",
        "take_home_sheets",
    ),
    Output(
        "stories",
        "stories.pdf",
        "every case study in each of its versions, for leaders to choose from",
        "stories",
    ),
    Output(
        "handouts",
        "handouts/",
        "what comes with a cohort: a calendar, links with QR codes, sign-in sheets, certificates, "
        "badges, lists for Zoom and mail merge: [docs/handouts.md](docs/handouts.md)",
        "",
    ),
    Output(
        "web",
        "web/, web.zip",
        "the workbook and the sheets to take home as a site for phones and computers: answers stay "
        "on the reader's device and are never sent: [docs/web.md](docs/web.md)",
        artifacts="web_artifacts",
    ),
)
OUTPUT_NAMES: tuple[str, ...] = tuple(output.name for output in OUTPUTS)
