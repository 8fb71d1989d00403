"""Give the space that is left on a page to the answers on it, in whole lines.

WeasyPrint breaks the pages with each answer at its least height. Before it paints the backgrounds
of a page, `stretch` makes answers taller, first those below what their author expects.
Nothing moves to another page, so page numbers, contents and references stay right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

PX_IN_MM = 96 / 25.4
EXPECTED = "data-lines"  # how many lines the author expects, on each control that may be stretched
LINES = re.compile(r"^lines-(\d+)$")
MOST_EXTRA = 3  # lines beyond what the author expects
# Blocks with an edge below their last word.
EDGED = frozenset(["stairs", "deck", "board", "picture", "panel", "look-letter", "gallery", "card"])
# Answers in these are placed by their own rules.
RIGID = frozenset(["stairs", "deck"])


@dataclass(kw_only=True)
class Answer:
    """One control, or two abreast that grow together.

    `paths` hold the boxes from the page's root to each control. `start` and `lines` are its lines
    before and after stretching.
    """

    paths: list[list[Any]]
    start: int
    lines: int
    expected: int

    @property
    def most(self) -> int:
        """The most lines that it may get."""
        return max(self.expected, self.start) + MOST_EXTRA


@contextmanager
def stretched(pitch_mm: float | None) -> Iterator[None]:
    """Stretch the answers of all pages that are laid out meanwhile; do nothing without a pitch.

    `layout_backgrounds` is a private name of WeasyPrint. Where a version lacks it, pages are less
    full and otherwise right.
    """
    from weasyprint import layout

    paint = getattr(layout, "layout_backgrounds", None)
    if not pitch_mm or paint is None:
        yield
        return
    pitch = pitch_mm * PX_IN_MM

    def stretch_and_paint(page: Any, get_image: Any) -> None:
        stretch(page, pitch)
        paint(page, get_image)

    layout.layout_backgrounds = stretch_and_paint
    try:
        yield
    finally:
        layout.layout_backgrounds = paint


def stretch(page: Any, pitch: float) -> int:
    """Make answers of the page taller, in place; return the number of lines given.

    `pitch`, the distance of two lines, is in pixels.
    """
    root = page.children[0]
    answers = find_answers(root)
    if not answers:
        return 0
    spare = page.content_box_y() + page.height - lowest_edge(root)
    given = share_lines(answers, int((spare + 0.5) // pitch))
    for answer in answers:
        if answer.lines > answer.start:
            _enlarge(answer, (answer.lines - answer.start) * pitch)
    return given


def share_lines(answers: Sequence[Answer], count: int) -> int:
    """Share out `count` lines; return how many were given.

    Those below what their author expects come first, the neediest of them before the others.
    """
    for given in range(count):
        growing = [answer for answer in answers if answer.lines < answer.most]
        needy = [answer for answer in growing if answer.lines < answer.expected]
        if not growing:
            return given
        chosen = min(needy or growing, key=lambda answer: answer.lines / max(answer.expected, 1))
        chosen.lines += 1
    return count


def lowest_edge(root: Any) -> float:
    """Return the lower edge of what is printed last on a page, in pixels."""
    from weasyprint.formatting_structure import boxes

    lowest = 0.0
    stack = [root]
    while stack:
        box = stack.pop()
        classes = _classes(box)
        if isinstance(box, boxes.TextBox):
            lowest = max(lowest, box.position_y + box.height)
        elif isinstance(box, boxes.ReplacedBox) or not classes.isdisjoint(("field", "tick")):
            lowest = max(lowest, box.position_y + box.margin_height())
        elif isinstance(box, boxes.TableCellBox) or not classes.isdisjoint(EDGED):
            lowest = max(lowest, box.border_box_y() + box.border_height())
        if isinstance(box, boxes.ParentBox):
            stack += box.children
    return lowest


def find_answers(root: Any) -> list[Answer]:
    """Return the page's answers that may grow, in reading order."""
    from weasyprint.formatting_structure import boxes

    found: list[Answer] = []
    by_group: dict[int, Answer] = {}

    def walk(box: Any, path: list[Any], group: Any, may_grow: bool) -> None:
        classes = _classes(box)
        if getattr(box, "is_column", False) or not classes.isdisjoint(RIGID):
            return
        path = [*path, box]
        if "pair" in classes or isinstance(box, boxes.TableRowBox):
            group = box
        if "question" in classes or "goals-table" in classes:
            may_grow = True
        elif isinstance(box, boxes.TableBox) and "goals-table" not in _classes(path[-2]):
            may_grow = False
        expected = box.element.get(EXPECTED) if box.element is not None else None
        if expected and may_grow and "field" in classes:
            start = _lines_of(classes)
            known = by_group.get(id(group)) if group is not None else None
            if known is None:
                answer = Answer(paths=[path], start=start, lines=start, expected=int(expected))
                found.append(answer)
                by_group[id(group if group is not None else box)] = answer
            else:
                known.paths.append(path)
                known.expected = max(known.expected, int(expected))
            return
        for child in box.children if isinstance(box, boxes.ParentBox) else ():
            walk(child, path, group, may_grow)

    walk(root, [], None, False)
    return found


def _lines_of(classes: frozenset[str]) -> int:
    return next((int(m[1]) for m in map(LINES.match, classes) if m), 1)


def _classes(box: Any) -> frozenset[str]:
    """Return the classes of the element that the box stands for; none for anonymous boxes."""
    element = box.element
    if element is None or box.element_tag != element.tag:
        return frozenset()
    return frozenset((element.get("class") or "").split())


def _enlarge(answer: Answer, dy: float) -> None:
    """Make the controls of an answer `dy` pixels taller and move down what is below them."""
    from weasyprint.formatting_structure import boxes

    grown: set[int] = set()  # what stands in a row grows once for all that is in it
    for path in answer.paths:
        path[-1].height += dy
        for parent, child in zip(path[-2:0:-1], path[:1:-1], strict=True):
            if id(parent) in grown:
                break
            parent.height += dy
            if isinstance(parent, boxes.TableRowBox | boxes.LineBox | boxes.FlexContainerBox):
                grown.add(id(parent))
                if isinstance(parent, boxes.TableRowBox):
                    _grow_neighbors(parent, child, dy)
                continue
            _move_later(parent, child, dy)
        else:
            _move_later(path[0], path[1], dy)


def _grow_neighbors(row: Any, cell: Any, dy: float) -> None:
    for other in row.children:
        if other is not cell:
            other.height += dy


def _move_later(parent: Any, child: Any, dy: float) -> None:
    index = next(number for number, box in enumerate(parent.children) if box is child)
    for later in parent.children[index + 1 :]:
        if later.position_y >= child.position_y:
            later.translate(dy=dy)
