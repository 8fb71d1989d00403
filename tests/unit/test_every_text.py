"""Every text of the program is printed for someone, or is in a short list of what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mentorkit.checks.present_texts import is_printed, printed_words
from mentorkit.program.library import Library
from mentorkit.program.loader import derive_cohort_program
from mentorkit.source.nodes import Scalar, scalars

from cohort_programs import NAME, compose_cohort, read_base, with_cohort

# Keys whose texts are not meant to be printed, each with the reason.
NOT_PRINTED = {
    "about": "one line for lists, of pages, values and formats",
    "field": "helps to choose a case study",
    "stage": "helps to choose a case study",
    "source": "the origin of a text, printed only in the credits of what is not our own",
    "credit": "printed where something is not our own",
    "lang": "a setting",
    "label": "what a screen reader says",
    "alt": "what a screen reader says",
    "formats": "ways of spreading the program, for people who plan a cohort",
    "values": "defaults that a cohort replaces",
    "words": "words of the kit, replaced",
}


@pytest.fixture(scope="module")
def base(program: Path) -> Library:
    return read_base(program)


def whole_cohort(base: Library) -> str:
    """A cohort that leaves nothing out and has had an earlier meeting on another day."""
    assert base.curriculum is not None
    sessions = base.curriculum.model.sessions
    values = "".join(f"\n  {name}: a value" for name in base.curriculum.model.values)
    meetings = "".join(
        f"\n  - session: {name}\n    date: 2027-03-{number + 1:02}"
        for number, name in enumerate(sessions)
    )
    return f"meetings:{meetings}\nvalues:{values}\n"


def texts(library: Library) -> Iterator[tuple[str, tuple[str | int, ...], Scalar]]:
    for file in library.files():
        for path, scalar in scalars(file.root):
            # The notes on a version of a case are printed where a cohort chooses the version.
            is_version_note = "variations" in path and "facilitator" in path
            if not is_version_note and " " in scalar.text and not NOT_PRINTED.keys() & set(path):
                yield file.path, path, scalar


def test_every_text_is_printed(base: Library) -> None:
    printed = printed_words(compose_cohort(base, whole_cohort(base)))
    missing = [
        (file, path, scalar.text[:60])
        for file, path, scalar in texts(base)
        if not is_printed(scalar.text, printed)
    ]
    assert not missing, (len(missing), missing[:40])
    assert sum(1 for _ in texts(base)) > 2500


def test_the_notes_on_a_version_are_printed_where_a_cohort_chooses_it(base: Library) -> None:
    uses = {
        activity.case: name
        for session in base.sessions.values()
        for module in session.model.modules.values()
        for name, activity in module.activities.items()
        if activity.case
    }
    for (case, version), file in base.varied.items():
        if case not in uses:
            continue
        change = f"changes:\n  {uses[case]}:\n    variation: {version}\n"
        printed = printed_words(compose_cohort(base, whole_cohort(base) + change))
        for path, scalar in scalars(file.root):
            if path[0] == "facilitator" and " " in scalar.text:
                assert is_printed(scalar.text, printed), (case, version, path)


def test_a_missing_text_is_noticed(base: Library) -> None:
    made = compose_cohort(base, whole_cohort(base))
    printed = printed_words(replace(made, guide=replace(made.guide, chapters=())))
    notes = [s for _, path, s in texts(base) if "facilitator" in path]
    assert sum(not is_printed(scalar.text, printed) for scalar in notes) > 0.9 * len(notes)


def test_every_version_of_a_case_is_among_the_stories(base: Library) -> None:
    stories = compose_cohort(base, whole_cohort(base)).stories
    assert stories is not None
    told = {text for section in stories.sections() for text in section.texts()}
    files = [*base.cases.values(), *base.varied.values()]
    assert len(files) > len(base.cases) and {f.model.text.strip() for f in files} <= {
        text.strip() for text in told
    }
    assert len(stories.anchors()) == len(set(stories.anchors()))


def test_a_cohort_program_can_be_derived_for_it(base: Library) -> None:
    library = with_cohort(base, whole_cohort(base))
    assert not derive_cohort_program(library, NAME).problems
