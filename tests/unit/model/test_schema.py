"""Starters and schemas: what `mentorkit new` writes passes `check`, and editors are told what the
model says."""

from __future__ import annotations

import json
import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Run
from mentorkit.checks.load import load_program
from mentorkit.editing import edit
from mentorkit.model import json_schema
from mentorkit.model.cohort import Cohort
from mentorkit.model.file_kinds import FILE_KINDS
from mentorkit.model.introspect import keys_of
from PIL import Image

KINDS = {
    "session": "sessions/our_day.yaml",
    "case-study": "case_studies/our_day.yaml",
    "worksheet": "worksheets/our_day.yaml",
    "cohort": "cohorts/our_day/cohort.yaml",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_starter_passes_and_explains_itself(run: Run, own_program: Path, kind: str) -> None:
    listed = (own_program / "curriculum/curriculum.yaml").read_bytes()
    made = run("new", kind, "our_day", cwd=own_program)
    assert made.returncode == 0 and f"Made {KINDS[kind]}".encode() in made.stdout, made.stderr
    text = (own_program / KINDS[kind]).read_text()
    line, *rest = text.split("\n")
    lead = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", line)
    assert lead and ((own_program / KINDS[kind]).parent / lead[1]).resolve().is_file(), (
        "its schema lies where it says"
    )
    assert sum(each.strip().startswith("#") for each in rest) >= 4, "it is commented"
    checked = run("check", "--format", "json", cwd=own_program)
    told = [
        each
        for each in json.loads(checked.stdout)["problems"]
        if each["code"] not in ("unused", "unfilled")
    ]
    samples = [each for each in told if each["code"] == "sample-text"]
    assert told == samples and bool(samples) == (kind != "cohort")
    (own_program / KINDS[kind]).write_text(text.replace("REPLACE THIS. ", ""), "utf-8")
    assert run("check", cwd=own_program).returncode == 0, "each sample can be replaced as it is"
    (own_program / KINDS[kind]).write_text(text, "utf-8")
    assert (
        run("new", kind, "our_day", cwd=own_program).returncode == 2
        and (own_program / KINDS[kind]).read_text() == text
    ), "nothing is written over"
    size = len(yaml.safe_load(listed)["sessions"])
    assert (own_program / "curriculum/curriculum.yaml").read_bytes() == (
        edit.add(listed, ("sessions",), size, "our_day") if kind == "session" else listed
    )


def test_every_note_in_a_new_cohort_can_be_used_as_it_stands(run: Run, own_program: Path) -> None:
    assert run("new", "cohort", "our_day", cwd=own_program).returncode == 0
    path = own_program / KINDS["cohort"]
    text = re.sub(r"(?m)^( *)# (?=[ -]*[a-z0-9_]+:)", r"\1", path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    (path.parent / "roster.csv").write_text("name\nAda Example\n", "utf-8")
    (path.parent / "logo.png").write_bytes(picture())
    used = yaml.safe_load(text)
    missing = set(keys_of(Cohort)) - used.keys() - {"format", "facilitator"}
    assert (
        not missing
        and set(used["meetings"][0])
        >= {"date", "start", "end", "place", "link", "led_by", "breaks"}
        and used["meetings"][-1]["due"]
    )
    told = run("check", cwd=own_program)
    assert told.returncode == 0 and not [
        line for line in told.stdout.decode().splitlines() if "our_day" in line
    ], told.stdout


def picture() -> bytes:
    """A small gray PNG."""
    made = BytesIO()
    Image.new("RGB", (600, 200), "#888888").save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize("name", ["Our Day", "9th", "look", "../x", "a-b", ""])
def test_a_name_that_cannot_be_one_is_refused_with_one_that_can(
    run: Run, own_program: Path, name: str
) -> None:
    told = run("new", "case-study", "--", name, cwd=own_program)
    assert told.returncode == 2 and b"cannot be a short name" in told.stderr


def test_the_files_of_editors_are_made_by_a_command(run: Run, own_program: Path) -> None:
    for folder in (".mentorkit", ".vscode"):
        shutil.rmtree(own_program / folder, ignore_errors=True)
    assert run("new", "editor-settings", cwd=own_program).returncode == 0
    for place, text in json_schema.files().items():
        assert (own_program / place).read_text("utf-8") == text


def test_every_key_of_the_model_is_explained() -> None:
    for kind, model in ((each.name, each.model) for each in FILE_KINDS):
        told = json_schema.schema(model)
        assert set(told["definitions"][model.__name__]["properties"]) == set(keys_of(model))
        for name, group in told["definitions"].items():
            assert group["additionalProperties"] is False and all(
                field["description"] for field in group["properties"].values()
            ), (kind, name)


def test_every_key_that_is_no_choice_and_no_group_has_an_example_that_fits() -> None:
    for kind, model in ((each.name, each.model) for each in FILE_KINDS):
        told = json_schema.schema(model)
        for name, group in told["definitions"].items():
            for key, field in group["properties"].items():
                assert "enum" in field or "allOf" in field or field["examples"], (name, key)
                assert not [
                    wrong
                    for example in field.get("examples", ())
                    for wrong in fits(example, field, told)
                ], (kind, name, key)


def test_every_real_file_fits_its_schema_and_slips_do_not(repository: Path) -> None:
    seen = 0
    for model, places in ((kind.model, kind.patterns()) for kind in FILE_KINDS):
        told = json_schema.schema(model)
        for path in (path for place in places for path in repository.glob(place)):
            value = as_editors_read(path.read_text("utf-8"))
            assert fits(value, told, told) == [], path
            needed = told["definitions"][model.__name__]["required"][0]
            without = {name: each for name, each in value.items() if name != needed}
            assert fits({**value, "titel": "x"}, told, told), "an unknown key is marked"
            assert fits(without, told, told), "a missing key is marked"
            seen += 1
    assert seen > 50


class Core(yaml.SafeLoader):
    """YAML 1.2, as editors read it: yes is a word, a date is a text."""


Core.yaml_implicit_resolvers = {
    sign: [(tag, found) for tag, found in each if tag.endswith((":int", ":null"))]
    for sign, each in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_editors_read(text: str) -> Any:
    return json.loads(json.dumps(yaml.load(text, Loader=Core)))


def fits(value: Any, told: dict[str, Any], whole: dict[str, Any], place: str = "") -> list[str]:
    """What a schema says against a value; a small reader of just the words that our schemas use."""
    wrong: list[str] = []
    if "$ref" in told:
        wrong += fits(value, whole["definitions"][told["$ref"].rpartition("/")[2]], whole, place)
    for each in told.get("allOf", ()):
        wrong += fits(value, each, whole, place)
    if "anyOf" in told and all(fits(value, each, whole, place) for each in told["anyOf"]):
        wrong.append(f"{place}: fits none")
    if "enum" in told and value not in told["enum"]:
        wrong.append(f"{place}: not among {told['enum']}")
    sorts = {
        str: "string",
        int: "integer",
        float: "number",
        bool: "boolean",
        dict: "object",
        list: "array",
    }
    wanted = told.get("type", [])
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and sorts.get(type(value)) not in (
        *wanted,
        *(["integer"] if "number" in wanted else []),
    ):
        wrong.append(f"{place}: {value!r:.40} is not {wanted}")
    if isinstance(value, str):
        wrong += [f"{place}: pattern"] * bool(
            "pattern" in told and not re.search(told["pattern"], value)
        ) + [f"{place}: too long"] * (len(value) > told.get("maxLength", 10**9))
    if isinstance(value, int) and not told.get("minimum", value) <= value <= told.get(
        "maximum", value
    ):
        wrong.append(f"{place}: out of bounds")
    for number, each in enumerate(value if isinstance(value, list) and "items" in told else []):
        wrong += fits(each, told["items"], whole, f"{place}/{number}")
    if isinstance(value, dict):
        wrong += [f"{place}: no {name}" for name in told.get("required", []) if name not in value]
        for name, each in value.items():
            wrong += fits(name, told.get("propertyNames", {}), whole, f"{place}/{name}")
            inner = told.get("properties", {}).get(name, told.get("additionalProperties", True))
            wrong += (
                [f"{place}/{name}: unknown"]
                if inner is False
                else fits(each, inner, whole, f"{place}/{name}")
                if isinstance(inner, dict)
                else []
            )
    return wrong


def test_what_is_known_of_a_new_cohort_stands_in_its_file(run: Run, own_program: Path) -> None:
    given = [
        "--institution",
        'St. "Ann" University: Łódź',
        "--zone",
        "Europe/Warsaw",
        "--first",
        "2027-10-20",
        "--hours",
        "9:30–11:30",
    ]
    assert run("new", "cohort", "our_day", *given, cwd=own_program).returncode == 0
    cohort = load_program(own_program).cohorts["our_day"].model
    assert (cohort.time_zone, cohort.values["institution"]) == (
        "Europe/Warsaw",
        'St. "Ann" University: Łódź',
    )
    met = [
        (str(meeting.date), meeting.start, meeting.end)
        for meeting in cohort.meetings
        if meeting.date
    ]
    assert (
        met[:3]
        == [
            ("2027-10-20", "9:30", "11:30"),
            ("2027-10-27", "9:30", "11:30"),
            ("2027-11-03", "9:30", "11:30"),
        ]
        and len(met) == 5
    )


@pytest.mark.parametrize(
    ("option", "words", "told"),
    [
        ("--first", "8.9.27", "2027-09-08"),
        ("--hours", "9-11", "10:00-12:00"),
        ("--hours", "25:00-26:00", "24-hour clock"),
    ],
)
def test_a_day_or_an_hour_that_is_none_is_told_and_nothing_is_written(
    run: Run, own_program: Path, option: str, words: str, told: str
) -> None:
    done = run("new", "cohort", "our_day", option, words, cwd=own_program)
    assert done.returncode == 2 and told in done.stderr.decode()
    assert not (own_program / "cohorts/our_day").exists()
