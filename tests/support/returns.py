"""A cohort of thirty whose worksheets come back: what the tests of `collect` and `report` share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pikepdf
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.edition.workbook import Edition
from mentorkit.packets.packets import packet_id
from mentorkit.pdf.postprocess import finish
from mentorkit.pdf.typeset import lay_out
from mentorkit.people.roster import read_roster
from mentorkit.pipeline.documents import form_metadata_of
from mentorkit.render.print.html import worksheet_html
from mentorkit.responses.register import Register, make_register

from paths import DATA

SMALL = DATA / "small_program"
SIGNALS = """\
title: "Signals: how it goes"
about: To give back.
rights: own
questions:
  word:
    ask: One word for today?
    lines: 1
    return: yes
  story:
    ask: What happened?
    lines: 4
    return: yes
  agreed:
    ask: We agreed on something
    kind: tick
    return: yes
  pace:
    ask: The pace was
    kind: choice
    choices:
      - slow
      - fast & loose
      - Łódź
    return: yes
  trust:
    ask: How much trust is there?
    kind: scale
    points: 6
    left: none
    right: all of it
    return: yes
  day:
    ask: On which day?
    kind: date
    return: yes
  secret:
    ask: What do you tell nobody?
    lines: 2
"""
OPEN = tuple(f"signals__{name}" for name in ("word", "story", "agreed", "pace", "trust", "day"))
SECRET = "signals__secret"


@dataclass(frozen=True)
class World:
    """A program on the disk, its cohort `fall`, and the laid-out worksheets, ready to be made
    somebody's.
    """

    folder: Path
    composed: Composed
    sent: Register
    laid: Mapping[str, bytes]

    def sheet(self, name: str) -> Edition:
        return next(sheet for sheet in self.composed.worksheets if sheet.name == name)

    def copy(
        self, name: str, key: str = "", side: str = "", cohort: str = "fall", **card: object
    ) -> bytes:
        """A worksheet as this person gets it; without a key, the plain one."""
        sheet = self.sheet(name)
        made = replace(
            form_metadata_of(sheet), packet=packet_id(cohort, key) if key else "", side=side
        )
        return finish(self.laid[name], sheet.places(), replace(made, **card))  # type: ignore[arg-type]


def make(folder: Path, people: int = 30) -> World:
    """The small program with one worksheet more, and a list of so many people."""
    shutil.copytree(SMALL, folder)
    (folder / "worksheets" / "signals.yaml").write_text(SIGNALS, encoding="utf-8")
    session = folder / "sessions" / "first.yaml"
    session.write_text(
        session.read_text(encoding="utf-8").replace(
            "          - two_chairs\n", "          - two_chairs\n          - signals\n"
        ),
        encoding="utf-8",
    )
    spine = folder / "curriculum" / "curriculum.yaml"
    spine.write_text(
        spine.read_text(encoding="utf-8").replace(
            "  text: Choose one thing.\n", "  text: Choose one thing.\n  return: yes\n"
        ),
        encoding="utf-8",
    )
    rows = [
        f"Person {number} Number,p{number}@small.example,P-{number:02},{'AB'[number % 2]}"
        for number in range(1, people + 1)
    ]
    (folder / "cohorts" / "fall" / "roster.csv").write_text(
        "\n".join(["name,email,id,group", *rows]) + "\n", encoding="utf-8"
    )
    composed = compose(load_program(folder), "fall")
    shown = "cohorts/fall/roster.csv"
    laid = {
        name: lay_out(worksheet_html(sheet), folder, True).pdf
        for sheet in composed.worksheets
        if (name := sheet.name) in ("signals", "two_chairs")
    }
    return World(
        folder, composed, make_register(composed, read_roster(folder / shown, shown).people), laid
    )


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], object], **how: object) -> bytes:
    """The file after `change`."""
    with pikepdf.Pdf.open(BytesIO(pdf)) as document:
        change(document)
        out = BytesIO()
        document.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def field(document: pikepdf.Pdf, name: str) -> pikepdf.Object:
    """The field of that name."""
    return next(each for each in document.Root.AcroForm.Fields if name == each.T)
