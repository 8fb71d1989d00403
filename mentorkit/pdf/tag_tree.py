"""Repair the tags of a laid-out PDF until they are as PDF/UA-1 (ISO 14289-1) asks.

WeasyPrint tags well, with gaps that were found one by one: each function below closes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

Id = tuple[int, int]
MARKED = re.compile(rb"/\w+\s*<</MCID (\d+)>>\s*BDC")
PX = 0.75  # points in a CSS pixel


@dataclass
class StructureTree:
    """The structure tree as it is reached from its root.

    `order`: its elements in reading order. `holders`: elements with their references to
    annotations, in reading order. `artifacts`: by page, the marked contents that mean nothing.
    """

    pdf: Pdf
    root: Object
    order: list[Object] = field(default_factory=list)
    holders: list[tuple[Object, Object]] = field(default_factory=list)
    parents: dict[Id, Object] = field(default_factory=dict)
    artifacts: dict[Id, set[int]] = field(default_factory=dict)

    def read(self) -> None:
        """Read the tree anew."""
        self.order, self.holders, self.parents = [], [], {}
        stack = [(kid, self.root) for kid in reversed(kids(self.root)) if is_element(kid)]
        while stack:
            element, parent = stack.pop()
            if element.objgen in self.parents:
                continue
            self.order.append(element)
            self.parents[element.objgen] = parent
            things = [kid for kid in kids(element) if isinstance(kid, Object)]
            self.holders += [(element, thing) for thing in things if not is_element(thing)]
            stack += [(thing, element) for thing in reversed(things) if is_element(thing)]

    def ancestors(self, element: Object) -> Iterator[Object]:
        """Yield the elements that hold this one, nearest first."""
        parent = self.parents.get(element.objgen)
        while parent is not None and parent.objgen != self.root.objgen:
            yield parent
            parent = self.parents.get(parent.objgen)

    def new(self, tag: str, parent: Object, content: list[Object], page: Object) -> Object:
        """Return a new element that holds `content`."""
        element = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name("/" + tag), P=parent, Pg=page, K=Array(content))
        )
        for kid in content:
            if is_element(kid):
                kid.P = element
        return element


def kids(element: Object) -> list[Object]:
    """Return an element's kids: elements, references to annotations, numbers of marked contents."""
    content = element.get(Name.K)
    if content is None:
        return []
    return list(content) if isinstance(content, Array) else [content]


def is_element(thing: object) -> bool:
    """Return whether this is a structure element, not a number or a reference."""
    return isinstance(thing, Dictionary) and Name.S in thing


def remove_kids(element: Object, gone: list[Object]) -> None:
    """Remove these kids from an element."""
    ids = {thing.objgen for thing in gone}
    element.K = Array(
        [kid for kid in kids(element) if not isinstance(kid, Object) or kid.objgen not in ids]
    )


def tag_name(element: Object) -> str:
    """Return the type of an element, such as `P`, `LI` or `Figure`."""
    return str(element.S)[1:]


def repair(pdf: Pdf) -> list[Object]:
    """Repair the tags in place; return the annotations in reading order."""
    tree = StructureTree(pdf, pdf.Root.StructTreeRoot)
    tree.read()
    _links(tree)
    for element in tree.order:
        if tag_name(element) == "LI":
            _list_item(tree, element)
        elif tag_name(element) == "TH":
            _heading_cell(tree, element)
        elif tag_name(element) == "Figure":
            _figure(tree, element)
    tree.read()
    _margins(tree)
    _rewrite_pages(tree)
    _describe_links(pdf)
    return [reference.Obj for _, reference in tree.holders]


def _links(tree: StructureTree) -> None:
    """Leave one annotation a link (7.18.5).

    `[**bold**](…)` has a second one on its inner part, a block link a third.
    """
    dropped: set[Id] = set()
    kept: set[Id] = set()
    links = [(element, r) for element, r in tree.holders if r.Obj.get(Name.Subtype) == Name.Link]
    for _, group in groupby(links, key=lambda link: link[0].objgen):
        together = list(group)
        element, references = together[0][0], [reference for _, reference in together]
        if any(holder.objgen in kept for holder in tree.ancestors(element)):
            dropped |= {reference.Obj.objgen for reference in references}
            remove_kids(element, references)
            if tag_name(element) == "Link":
                element.S = Name.Span
        elif tag_name(element) == "Link":
            kept.add(element.objgen)
        else:
            kept.add(_wrap_in_link(tree, element, references).objgen)
    remove_annotations(tree, dropped)


def _wrap_in_link(tree: StructureTree, element: Object, references: list[Object]) -> Object:
    parent = tree.parents[element.objgen]
    link = tree.new("Link", parent, [*references, element], element.Pg)
    remove_kids(element, references)
    parent.K = Array(
        [link if is_element(kid) and kid.objgen == element.objgen else kid for kid in kids(parent)]
    )
    tree.parents[link.objgen], tree.parents[element.objgen] = parent, link
    numbers = tree.root.ParentTree.Nums
    keys = {reference.Obj.StructParent for reference in references}
    for at in range(0, len(numbers), 2):
        if int(numbers[at]) in keys:
            numbers[at + 1] = link
    return link


def remove_annotations(tree: StructureTree, dropped: set[Id]) -> None:
    if not dropped:
        return
    keys = set()
    for page in tree.pdf.pages:
        gone = [a for a in page.get(Name.Annots, ()) if a.objgen in dropped]
        if gone:
            keys |= {int(a.StructParent) for a in gone if Name.StructParent in a}
            page.Annots = Array([a for a in page.Annots if a.objgen not in dropped])
    numbers = list(tree.root.ParentTree.Nums)
    pairs = [
        pair for pair in zip(numbers[::2], numbers[1::2], strict=True) if int(pair[0]) not in keys
    ]
    tree.root.ParentTree.Nums = Array([thing for pair in pairs for thing in pair])


def _list_item(tree: StructureTree, item: Object) -> None:
    """Give an item a label and a body, nothing else (table 336 of ISO 32000-1).

    Markdown's loose lists have more.
    """
    content = kids(item)
    labels = [kid for kid in content if is_element(kid) and tag_name(kid) == "Lbl"]
    rest = [kid for kid in content if not is_element(kid) or tag_name(kid) != "Lbl"]
    labels += _buried_labels(rest)
    if len(rest) == 1 and is_element(rest[0]) and tag_name(rest[0]) == "LBody":
        body = rest
    else:
        for kid in rest:
            if is_element(kid) and tag_name(kid) == "LBody":
                kid.S = Name.Div
        body = [tree.new("LBody", item, rest, item.Pg)] if rest else []
    for label in labels:
        label.P = item
    item.K = Array([*labels, *body])


def _buried_labels(content: list[Object]) -> list[Object]:
    """Return labels that were inside the text (`list-style: inside`), removed from it."""
    found = []
    stack = [kid for kid in content if is_element(kid) and tag_name(kid) != "L"]
    while stack:
        element = stack.pop()
        inside = [kid for kid in kids(element) if is_element(kid)]
        labels = [kid for kid in inside if tag_name(kid) == "Lbl"]
        if labels:
            remove_kids(element, labels)
            found += labels
        stack += [kid for kid in inside if tag_name(kid) not in ("L", "Lbl")]
    return found


def _heading_cell(tree: StructureTree, cell: Object) -> None:
    """Set the scope of a heading cell (7.5): its column in the head of a table, else its row."""
    holders = {tag_name(holder) for holder in tree.ancestors(cell)}
    row = next(tree.ancestors(cell))
    has_headings_only = all(tag_name(kid) == "TH" for kid in kids(row) if is_element(kid))
    is_head = "THead" in holders or (has_headings_only and _is_first_row(tree, row))
    cell.A.Scope = Name.Column if is_head else Name.Row


def _is_first_row(tree: StructureTree, row: Object) -> bool:
    holder = tree.parents[row.objgen]
    first = next(kid for kid in kids(holder) if is_element(kid))
    return (
        tag_name(holder) in ("Table", "TBody") and first.objgen == row.objgen and len(kids(row)) > 1
    )


def _figure(tree: StructureTree, figure: Object) -> None:
    """Make a picture without words decoration (7.3); give one with words its box.

    The box is in points from the lower left corner.
    """
    page: Any = figure.Pg
    if not str(figure.get(Name.Alt, "")).strip():
        contents = {int(kid) for kid in kids(figure) if isinstance(kid, int)}
        tree.artifacts.setdefault(page.objgen, set()).update(contents)
        remove_kids(tree.parents[figure.objgen], [figure])
        return
    left, bottom, right, top = (float(edge) for edge in page.MediaBox)
    x1, y1, x2, y2 = (float(edge) * PX for edge in figure.A.BBox)
    # A picture may reach over the edge of its page.
    x1, x2 = (min(max(edge, left), right) for edge in (x1, x2))
    y1, y2 = (min(max(edge, bottom), top) for edge in (top - y2, top - y1))
    figure.A.BBox = Array([round(edge, 2) for edge in (x1, y1, x2, y2)])


def _margins(tree: StructureTree) -> None:
    """Make what is in the margins artifacts: its tags have no place in the tree (7.1)."""
    numbers = tree.root.ParentTree.Nums
    by_key: dict[int, Any]
    by_key = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    loose: set[Id] = set()
    known = {reference.Obj.objgen for _, reference in tree.holders}
    for page in tree.pdf.pages:
        owners = by_key.get(int(page.get(Name.StructParents, -1)), ())
        artifacts = tree.artifacts.setdefault(page.obj.objgen, set())
        for content, owner in enumerate(owners):
            if owner is None or owner.objgen not in tree.parents:
                artifacts.add(content)
                owners[content] = None
        loose |= {a.objgen for a in page.get(Name.Annots, ()) if a.objgen not in known}
    remove_annotations(tree, loose)


def _rewrite_pages(tree: StructureTree) -> None:
    """Write artifacts as such into the content of the pages."""
    for page in tree.pdf.pages:
        artifacts = tree.artifacts.get(page.obj.objgen)
        if artifacts:
            content = page.Contents.read_bytes()
            page.Contents.write(_mark_artifacts(content, artifacts))


def _mark_artifacts(content: bytes, artifacts: set[int]) -> bytes:
    def mark(found: re.Match[bytes]) -> bytes:
        return b"/Artifact\nBMC" if int(found[1]) in artifacts else found[0]

    return MARKED.sub(mark, content)


def _describe_links(pdf: Pdf) -> None:
    """Say in words where each link leads (7.18.5): WeasyPrint writes the anchor's name."""
    descriptions = _describe_destinations(pdf)
    for page in pdf.pages:
        for link in page.get(Name.Annots, ()):
            if link.get(Name.Subtype) == Name.Link and Name.Dest in link:
                text = descriptions.get(str(link.Dest), "Go to another page")
                link.Contents = String(text)


def _describe_destinations(pdf: Pdf) -> dict[str, str]:
    """Return for each named destination “Go to” and the heading there, else its page."""
    tree = pdf.Root.get(Name.Names, Dictionary()).get(Name.Dests, Dictionary())
    names = tree.get(Name.Names, Array())
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    headings = _find_headings(pdf)
    found = {}
    for index in range(0, len(names), 2):
        name, target = names[index], names[index + 1]
        page = target[0].objgen
        heading = headings.get((page, round(float(target[3]))))
        found[str(name)] = f"Go to {heading}" if heading else f"Go to page {numbers[page]}"
    return found


def _find_headings(pdf: Pdf) -> dict[tuple[Id, int], str]:
    """Return the bookmarks by their page and their height on it, in points."""
    headings: dict[tuple[Id, int], str] = {}
    stack: list[Any] = [pdf.Root.get(Name.Outlines)]
    while stack:
        entry = stack.pop()
        if entry is None:
            continue
        if Name.Dest in entry:
            place = (entry.Dest[0].objgen, round(float(entry.Dest[3])))
            headings.setdefault(place, str(entry.Title))
        stack += [entry.get(Name.Next), entry.get(Name.First)]
    return headings
