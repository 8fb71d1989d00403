"""The real program's books, as files: what participants hold, what facilitators hold, and that one
cites the other.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import Composed, compose
from mentorkit.edition.markdown import plain
from mentorkit.pdf.form_reader import read_form_metadata
from mentorkit.pipeline.outputs import OUTPUT_NAMES
from mentorkit.source.nodes import Mapping, Node, Scalar
from mentorkit.source.problem import Span
from page import validate_pdf

from build_books import build

COHORT = "spring_2027"


@pytest.fixture(scope="module")
def books(built: Path) -> Path:
    return built / "build" / COHORT


@pytest.fixture(scope="module")
def composed(built: Path) -> Composed:
    return compose(load_program(built), COHORT)


def files(books: Path) -> list[Path]:
    return sorted(books.rglob("*.pdf"))


def text_of(path: Path) -> list[str]:
    """The words of each page, blanks made one."""
    document = pypdfium2.PdfDocument(path)
    return [
        squeezed(document[number].get_textpage().get_text_bounded())
        for number in range(len(document))
    ]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\ufffe", "-"))


def destinations(path: Path) -> dict[str, int]:
    """The page, from 1, of every named place of a PDF."""
    with pikepdf.open(path) as pdf:
        pages = {page.objgen: number for number, page in enumerate((p.obj for p in pdf.pages), 1)}
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        return {
            name: pages[(value.D if isinstance(value, pikepdf.Dictionary) else value)[0].objgen]
            for name, value in names.items()
        }


def test_every_output_is_made_and_listed(books: Path, composed: Composed) -> None:
    made = {
        path.relative_to(books).as_posix()
        for path in books.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert {path for path in made if not path.startswith(("handouts/", "web/"))} == {
        "stories.pdf",
        "web.zip",
        "workbook.pdf",
        "workbook-fillable.pdf",
        "workbook-large.pdf",
        "facilitator-guide.pdf",
        "take-home.pdf",
        *(f"worksheets/{sheet.name}.pdf" for sheet in composed.worksheets),
    }
    assert len(composed.worksheets) >= 9
    manifest = json.loads((books / "manifest.json").read_text("utf-8"))
    listed = {entry["path"]: entry for entry in manifest["files"]}
    assert set(listed) == made
    for path, entry in listed.items():
        data = (books / path).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_every_file_passes_pdf_ua_1(books: Path) -> None:
    for path in files(books):
        report = validate_pdf(str(path), profile="ua1")
        assert report.is_compliant, (path.name, report.failures[:3])
        with pikepdf.open(path) as pdf:
            assert not pdf.check_pdf_syntax(), path.name


def test_the_printed_and_the_fillable_workbook_break_pages_alike(
    books: Path, composed: Composed
) -> None:
    printed, fillable = (
        text_of(books / name) for name in ("workbook.pdf", "workbook-fillable.pdf")
    )
    assert len(printed) == len(fillable)
    one, other = (destinations(books / name) for name in ("workbook.pdf", "workbook-fillable.pdf"))
    assert one == other
    assert set(composed.workbook.anchors()) <= set(one), "every section has a place"


def test_the_guide_cites_the_real_pages_of_the_workbook(books: Path, composed: Composed) -> None:
    """Every “workbook page N” stands beside a title; that title is found on page N of the workbook."""  # noqa: E501
    pages = destinations(books / "workbook.pdf")
    words = text_of(books / "workbook.pdf")
    guide = squeezed(" ".join(text_of(books / "facilitator-guide.pdf")))
    refs = [
        ref
        for chapter in composed.guide.chapters
        for module in chapter.modules
        for ref in (
            *module.refs,
            *(a.ref for a in module.activities),
            *(t.ref for a in module.activities for t in a.things),
        )
    ]
    assert len(refs) > 40
    for ref in refs:
        page = pages[ref.anchor]
        title = squeezed(plain(ref.title))
        assert title in words[page - 1], (ref, page)
        assert re.search(rf"\b{page}\b", guide), (ref, page)


# Pages of the example cohort on Letter paper. Thirty copies are printed, so a page more is thirty.
MOST_PAGES = {
    "workbook.pdf": 76,
    "take-home.pdf": 24,
    "facilitator-guide.pdf": 92,
    "workbook-large.pdf": 190,
}
MM = 72 / 25.4
TOP_MM, FOOT_MM = 14, 18  # margins


@pytest.mark.parametrize("name", MOST_PAGES)
def test_the_books_have_few_pages(books: Path, name: str) -> None:
    with pypdfium2.PdfDocument(books / name) as document:
        assert len(document) <= MOST_PAGES[name]


def test_the_pages_of_the_workbook_are_full(books: Path) -> None:
    with pypdfium2.PdfDocument(books / "workbook.pdf") as document:
        used = [used_height(page) for page in document][2:]  # after the cover and the contents
    assert sum(used) / len(used) >= 0.93
    assert sum(share < 0.4 for share in used) <= 1


def used_height(page: pypdfium2.PdfPage) -> float:
    """Return the share of a page's text area above its last line, box or rule."""
    width, height = page.get_size()
    lowest = height
    for item in page.get_objects(max_depth=4):
        left, bottom, right, top = item.get_bounds()
        is_tab = right > width - 15 * MM or left < 15 * MM - 1
        if bottom > (FOOT_MM - 1) * MM and not (is_tab and right - left < 9 * MM):
            lowest = min(lowest, bottom)
    return (height - TOP_MM * MM - lowest) / (height - (TOP_MM + FOOT_MM) * MM)


def facilitator_texts(node: Node, inside: bool = False) -> Iterator[tuple[str, Span]]:
    """Every text below a key named `facilitator`, wherever it occurs."""
    if isinstance(node, Scalar):
        if inside:
            yield node.text, node.span
    elif isinstance(node, Mapping):
        for key, value in node.values.items():
            yield from facilitator_texts(value, inside or key == "facilitator")
    else:
        for item in node.items:
            yield from facilitator_texts(item, inside)


def secrets(program: Path) -> list[tuple[str, Span]]:
    library = load_program(program)
    found = [
        pair
        for file in (*library.files(), *library.cohorts.values())
        for pair in facilitator_texts(file.root)
    ]
    return [(squeezed(plain(text)), span) for text, span in found if len(text.split()) >= 5]


def leaks(books: Path, hidden: list[tuple[str, Span]]) -> list[tuple[str, str, Span]]:
    """Where a participant's file holds a facilitator's sentence: in its text, metadata, outline,
    fields or attachments.
    """
    found = []
    for path in files(books):
        if path.name == "facilitator-guide.pdf":
            continue
        words = letters(" ".join([*text_of(path), *hidden_corners(path)]))
        found += [(path.name, text, span) for text, span in hidden if letters(text) in words]
    return found


def letters(text: str) -> str:
    """Letters alone: a line broken at a hyphen, or a footer in between, hides nothing."""
    return re.sub(r"[\W_]+", "", text).casefold()


def hidden_corners(path: Path) -> Iterator[str]:
    with pikepdf.open(path) as pdf:
        for value in (pdf.docinfo or {}).values():
            yield str(value)
        yield (
            bytes(pdf.Root.Metadata.read_bytes()).decode("utf-8", "replace")
            if "/Metadata" in pdf.Root
            else ""
        )
        for entry in pdf.objects:
            if isinstance(entry, pikepdf.Dictionary):
                for key in (
                    "/TU",
                    "/T",
                    "/V",
                    "/Alt",
                    "/ActualText",
                    "/Title",
                    "/Contents",
                    "/Desc",
                ):
                    if isinstance(entry.get(key), pikepdf.String):
                        yield str(entry[key])
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})


def test_no_participant_file_holds_a_facilitators_sentence(books: Path, built: Path) -> None:
    hidden = secrets(built)
    assert len(hidden) > 300
    assert leaks(books, hidden) == []


def test_the_guide_holds_what_the_facilitator_is_to_know(books: Path, built: Path) -> None:
    """So that an empty guide cannot pass the test above.

    Placeholders are filled in print, so their texts are passed over.
    """
    words = letters(" ".join(text_of(books / "facilitator-guide.pdf")))
    library = load_program(built)
    shown = {file.path for file in library.sessions.values()}
    hidden = [
        (text, span) for text, span in secrets(built) if span.file in shown and "{{" not in text
    ]
    missing = [span for text, span in hidden if letters(text[:60]) not in words]
    assert len(missing) <= len(hidden) // 20, missing[:10]


def test_a_note_moved_across_is_found(own_program: Path, built: Path) -> None:
    """The leak test can fail: the same sentences, one of them copied into what participants read."""  # noqa: E501
    hidden = secrets(built)
    note = next(
        text
        for text, span in hidden
        if span.file == "sessions/mentoring_up.yaml"
        and text.isascii()
        and len(text) > 60
        and ":" not in text
    )
    path = own_program / "curriculum" / "pages" / "welcome.yaml"
    text = path.read_text("utf-8").replace("\ntext: |\n", f"\ntext: |\n  {note}\n\n", 1)
    assert note in text
    path.write_text(text, "utf-8")
    told: list[str] = []
    assert build(own_program, (COHORT,), ("workbook",), None, False, told.append) == 0, told
    assert [
        where for where, words, _ in leaks(own_program / "build" / COHORT, hidden) if words == note
    ] == ["workbook.pdf"]


def test_every_fillable_file_knows_its_own_fields(books: Path, composed: Composed) -> None:
    card = read_form_metadata((books / "workbook-fillable.pdf").read_bytes())
    assert card is not None and card.release == composed.workbook.release
    assert card.fields == tuple(place.name for place in composed.workbook.places())
    taken_home = composed.take_home.places() if composed.take_home else ()
    known = {*card.fields, *(place.name for place in taken_home)}
    ids = {card.edition_id}
    for sheet in composed.worksheets:
        if sheet.places():
            own = read_form_metadata((books / "worksheets" / f"{sheet.name}.pdf").read_bytes())
            assert own is not None and own.document == sheet.name and set(own.fields) <= known
            ids.add(own.edition_id)
    assert len(ids) > 5


def test_two_builds_of_the_same_input_are_the_same_bytes(
    books: Path, own_program: Path, deep: bool
) -> None:
    """In another folder, in another process; the worksheets stand for all in the quick suite."""
    assert (
        build(
            own_program,
            (COHORT,),
            ("workbook", "worksheets") if deep else ("worksheets",),
            None,
            False,
            lambda _line: None,
        )
        == 0
    )
    again = own_program / "build" / COHORT
    for path in files(again):
        assert path.read_bytes() == (books / path.relative_to(again)).read_bytes(), path.name


@pytest.mark.parametrize(
    ("paper", "size"), [("a4", [0, 0, 595, 842]), ("letter", [0, 0, 612, 792])]
)
def test_only_makes_what_it_names_on_the_paper_it_names(
    small_program: Path, paper: str, size: list[int]
) -> None:
    target = small_program / "build" / "fall"
    assert build(small_program, ("fall",), ("worksheets",), paper, False, lambda _line: None) == 0
    made = [path.relative_to(target).as_posix() for path in files(target)]
    assert made and all(path.startswith("worksheets/") for path in made)
    with pikepdf.open(target / made[0]) as pdf:
        assert [round(float(n)) for n in pdf.pages[0].MediaBox] == size


def test_whoever_asks_for_large_print_gets_a_book_with_large_letters(small_program: Path) -> None:
    roster = small_program / "cohorts" / "fall" / "roster.csv"
    roster.write_text(
        "name,email,print\nAda Example,ada@example.org,\nBo Example,bo@example.org,large\n", "utf-8"
    )
    assert (
        build(small_program, ("fall",), (), None, False, lambda _line: None, packets=("workbook",))
        == 0
    )
    target = small_program / "build" / "fall"
    sizes = {name: letter_sizes(target / f"{name}.pdf") for name in ("workbook", "workbook-large")}
    assert min(sizes["workbook-large"]) >= 16 and 18.1 in sizes["workbook-large"]
    assert min(sizes["workbook"]) < 10
    (large,) = (target / "packets").rglob("* - workbook in large print.pdf")
    assert large.parent.name == "Bo-Example"
    assert min(letter_sizes(large)) >= 16, "with the name on it, too"
    guide = squeezed(" ".join(text_of(target / "facilitator-guide.pdf")))
    assert "Large print" in guide


def letter_sizes(path: Path) -> list[float]:
    """The size in points of every letter that is printed, running foot and all; pages are laid out
    in CSS pixels, of which one is 0.75 points.
    """
    sizes = []
    for page in pypdfium2.PdfDocument(path):
        text = page.get_textpage()
        sizes += [
            round(pypdfium2.raw.FPDFText_GetFontSize(text, n) * 0.75, 1)
            for n in range(text.count_chars())
            if text.get_text_range(n, 1).strip()
        ]
    return sizes


def test_a_problem_stops_the_build_and_changes_nothing(own_program: Path) -> None:
    path = own_program / "sessions" / "mentoring_up.yaml"
    path.write_text(
        path.read_text("utf-8").replace("case:", "cse:", 1).replace("minutes:", "minuts:", 1),
        "utf-8",
    )
    told: list[str] = []
    assert build(own_program, (), (), None, False, told.append) == 1
    assert any("minuts" in line and 'did you mean "minutes"?' in line for line in told)
    assert not (own_program / "build").exists()


def test_the_outputs_are_those_that_only_takes() -> None:
    assert OUTPUT_NAMES[:6] == (
        "workbook",
        "workbook-fillable",
        "workbook-large",
        "facilitator-guide",
        "worksheets",
        "take-home",
    )
