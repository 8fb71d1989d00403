"""A build is planned, then made; it says how far it is, and its bytes do not depend on who makes
it.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from mentorkit.pipeline import documents
from mentorkit.pipeline.execute import execute
from mentorkit.pipeline.outputs import OUTPUT_NAMES, OUTPUTS
from mentorkit.pipeline.plan import BuildRequest, plan_build
from mentorkit.pipeline.progress import CHARACTERS_PER_COPY, LINE, Progress, ProgressMeter

# No font of the kit has a letter for a private character.
UNPRINTABLE = "<html lang=en><head><title>A</title></head><body><p>\ue000</p></body></html>"


def digests(folder: Path) -> dict[str, str]:
    """Return the checksum of every file that a build wrote, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (folder / "build" / "fall").rglob("*")
        if path.is_file()
    }


def test_every_output_names_a_function_that_yields_its_documents() -> None:
    assert len(set(OUTPUT_NAMES)) == len(OUTPUTS)
    for output in OUTPUTS:
        assert not output.documents or callable(getattr(documents, output.documents))
        assert output.about and output.files


def test_planning_lays_out_and_writes_nothing(small_program: Path) -> None:
    plan = plan_build(small_program, BuildRequest(only=("workbook", "facilitator-guide")))
    assert not plan.stops
    (cohort,) = plan.cohorts
    paths = [document.path for document in cohort.documents]
    assert paths == ["workbook.pdf", "facilitator-guide.pdf"]
    assert not (small_program / "build" / "fall").exists()


def test_a_guide_alone_lays_out_the_workbook_for_its_pages_and_does_not_write_it(
    small_program: Path,
) -> None:
    plan = plan_build(small_program, BuildRequest(only=("facilitator-guide",)))
    written = {document.path: document.is_written for document in plan.cohorts[0].documents}
    assert written == {"workbook.pdf": False, "facilitator-guide.pdf": True}
    report = execute(plan)
    assert report.failures == ()
    (cohort,) = report.cohorts
    assert cohort.books is not None
    assert cohort.books.made == ("facilitator-guide.pdf",)


def test_a_program_with_problems_is_not_executed(small_program: Path) -> None:
    session = small_program / "sessions" / "first.yaml"
    session.write_text(session.read_text("utf-8") + "nonsense: here\n", "utf-8")
    plan = plan_build(small_program, BuildRequest())
    assert plan.stops
    assert plan.cohorts == ()
    assert [problem.code for problem in plan.problems if problem.stops]


def test_one_worker_and_two_write_the_same_bytes(small_program: Path) -> None:
    plan = plan_build(small_program, BuildRequest())
    assert execute(plan, jobs=2).failures == ()
    with_two = digests(small_program)
    for path in (small_program / "build").rglob("*.rendered.json"):
        path.unlink()
    for path in (small_program / "build").rglob(".*.rendered.json"):
        path.unlink()
    assert execute(plan, jobs=1).failures == ()
    assert digests(small_program) == with_two
    assert len(with_two) > 3


def test_failures_come_in_the_order_of_the_plan_and_change_nothing(small_program: Path) -> None:
    plan = plan_build(small_program, BuildRequest(only=("workbook", "worksheets")))
    (cohort,) = plan.cohorts
    bad = tuple(
        replace(document, html=lambda _: UNPRINTABLE, places=(), form_metadata=None)
        for document in cohort.documents
    )
    report = execute(replace(plan, cohorts=(replace(cohort, documents=bad),)), jobs=2)
    named = [line.split(":")[0] for line in report.failures[:-1]]
    assert list(dict.fromkeys(named)) == [f"fall/{document.path}" for document in bad]
    assert report.failures[-1] == "nothing was changed"
    assert report.cohorts == ()
    assert not (small_program / "build" / "fall").exists()


def test_progress_rises_to_at_most_99_percent_and_names_every_file(small_program: Path) -> None:
    steps: list[Progress] = []
    plan = plan_build(small_program, BuildRequest(only=("workbook", "facilitator-guide")))
    execute(plan, steps.append, jobs=1)
    percents = [step.percent for step in steps]
    assert percents == sorted(percents)
    assert percents[0] == 0
    assert percents[-1] <= 99
    assert [step.doing for step in steps] == [
        "Laying out workbook.pdf: file 1 of 2",
        "Laying out facilitator-guide.pdf: file 2 of 2",
    ]


def test_files_with_names_count_by_their_share() -> None:
    steps: list[Progress] = []
    meter = ProgressMeter({"fall/a.pdf": 300, "fall/b.pdf": 100}, 10, steps.append)
    meter.begin("a.pdf")
    meter.end("fall/a.pdf")
    meter.begin("b.pdf")
    meter.end("fall/b.pdf")
    for _ in range(10):
        meter.write_copy()
    assert steps[1].percent == 300 * 100 // (400 + 10 * CHARACTERS_PER_COPY)
    assert steps[-1] == Progress(99, "Putting names on the files: 10 of 10")


@pytest.mark.parametrize("text", ["Laying out a.pdf: file 1 of 2", "Putting names: 10 of 10"])
def test_a_step_can_be_read_back_from_its_line(text: str) -> None:
    found = LINE.fullmatch(str(Progress(7, text)))
    assert found is not None
    assert found.groups() == ("7", text)
