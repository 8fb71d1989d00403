"""The tags of a laid-out PDF, repaired until they say what PDF/UA-1 (ISO 14289-1) asks.

WeasyPrint tags well, with gaps that were measured one by one: each function below closes one, and says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

Id = tuple[int, int]
MARKED = re.compile(rb"/\w+\s*<</MCID (\d+)>>\s*BDC")
PX = 0.75  # points in a CSS pixel


@dataclass
class Tree:
    """The structure tree as it is reached from its root; `order` and `holders` are in reading order."""

    pdf: Pdf
    root: Object
    order: list[Object] = field(default_factory=list)
    holders: list[tuple[Object, Object]] = field(
        default_factory=list
    )  # an element, its reference to an annotation
    parents: dict[Id, Object] = field(default_factory=dict)
    artifacts: dict[Id, set[int]] = field(
        default_factory=dict
    )  # page, marked contents that mean nothing

    def read(self) -> None:
        """Walk the tree anew."""
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

    def above(self, element: Object) -> Iterator[Object]:
        """The elements that hold this one, nearest first."""
        while (
            element := self.parents.get(element.objgen)
        ) is not None and element.objgen != self.root.objgen:
            yield element

    def new(self, tag: str, parent: Object, content: list[Object], page: Object) -> Object:
        """A new element that holds `content`."""
        element = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name("/" + tag), P=parent, Pg=page, K=Array(content))
        )
        for kid in content:
            if is_element(kid):
                kid.P = element
        return element


def kids(element: Object) -> list[Object]:
    """What an element holds: elements, references to annotations, numbers of marked contents."""
    content = element.get(Name.K)
    if content is None:
        return []
    return list(content) if isinstance(content, Array) else [content]


def is_element(thing: object) -> bool:
    """True for a structure element, as against a number or a reference to an annotation."""
    return isinstance(thing, Dictionary) and Name.S in thing


def take_out(element: Object, gone: list[Object]) -> None:
    """Let an element hold these things no more."""
    ids = {thing.objgen for thing in gone}
    element.K = Array(
        [kid for kid in kids(element) if not isinstance(kid, Object) or kid.objgen not in ids]
    )


def tag(element: Object) -> str:
    """`P`, `LI`, `Figure` …"""
    return str(element.S)[1:]


def repair(pdf: Pdf) -> list[Object]:
    """Repair the tags in place; the annotations in reading order come out."""
    tree = Tree(pdf, pdf.Root.StructTreeRoot)
    tree.read()
    _links(tree)
    for element in tree.order:
        if tag(element) == "LI":
            _list_item(tree, element)
        elif tag(element) == "TH":
            _heading_cell(tree, element)
        elif tag(element) == "Figure":
            _figure(tree, element)
    tree.read()
    _margins(tree)
    _rewrite_pages(tree)
    _describe_links(pdf)
    return [reference.Obj for _, reference in tree.holders]


def _links(tree: Tree) -> None:
    """One annotation a link (7.18.5): `[**bold**](…)` has a second one on its inner part, a block link a third."""
    dropped: set[Id] = set()
    kept: set[Id] = set()
    links = [(element, r) for element, r in tree.holders if r.Obj.get(Name.Subtype) == Name.Link]
    for _, group in groupby(links, key=lambda link: link[0].objgen):
        together = list(group)
        element, references = together[0][0], [reference for _, reference in together]
        if any(holder.objgen in kept for holder in tree.above(element)):
            dropped |= {reference.Obj.objgen for reference in references}
            take_out(element, references)
            if tag(element) == "Link":
                element.S = Name.Span
        elif tag(element) == "Link":
            kept.add(element.objgen)
        else:
            kept.add(_wrap_in_link(tree, element, references).objgen)
    forget_annotations(tree, dropped)


def _wrap_in_link(tree: Tree, element: Object, references: list[Object]) -> Object:
    parent = tree.parents[element.objgen]
    link = tree.new("Link", parent, [*references, element], element.Pg)
    take_out(element, references)
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


def forget_annotations(tree: Tree, dropped: set[Id]) -> None:
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


def _list_item(tree: Tree, item: Object) -> None:
    """An item holds a label and a body, nothing else (table 336 of ISO 32000-1): Markdown's loose lists do not."""
    content = kids(item)
    labels = [kid for kid in content if is_element(kid) and tag(kid) == "Lbl"]
    rest = [kid for kid in content if not is_element(kid) or tag(kid) != "Lbl"]
    labels += _buried_labels(rest)
    if len(rest) == 1 and is_element(rest[0]) and tag(rest[0]) == "LBody":
        body = rest
    else:
        for kid in rest:
            if is_element(kid) and tag(kid) == "LBody":
                kid.S = Name.Div
        body = [tree.new("LBody", item, rest, item.Pg)] if rest else []
    for label in labels:
        label.P = item
    item.K = Array([*labels, *body])


def _buried_labels(content: list[Object]) -> list[Object]:
    """Labels inside the text (`list-style: inside`), taken out of it."""
    found = []
    stack = [kid for kid in content if is_element(kid) and tag(kid) != "L"]
    while stack:
        element = stack.pop()
        inside = [kid for kid in kids(element) if is_element(kid)]
        labels = [kid for kid in inside if tag(kid) == "Lbl"]
        if labels:
            take_out(element, labels)
            found += labels
        stack += [kid for kid in inside if tag(kid) not in ("L", "Lbl")]
    return found


def _heading_cell(tree: Tree, cell: Object) -> None:
    """Every heading cell says what it heads (7.5): its column in the head of a table, else its row."""
    holders = {tag(holder) for holder in tree.above(cell)}
    row = next(tree.above(cell))
    alone = all(tag(kid) == "TH" for kid in kids(row) if is_element(kid)) and _is_first_row(
        tree, row
    )
    cell.A.Scope = Name.Column if "THead" in holders or alone else Name.Row


def _is_first_row(tree: Tree, row: Object) -> bool:
    holder = tree.parents[row.objgen]
    first = next(kid for kid in kids(holder) if is_element(kid))
    return tag(holder) in ("Table", "TBody") and first.objgen == row.objgen and len(kids(row)) > 1


def _figure(tree: Tree, figure: Object) -> None:
    """A picture without words is decoration (7.3); one with words says where it stands, in points from below."""
    page = figure.Pg
    if not str(figure.get(Name.Alt, "")).strip():
        tree.artifacts.setdefault(page.objgen, set()).update(
            int(k) for k in kids(figure) if isinstance(k, int)
        )
        take_out(tree.parents[figure.objgen], [figure])
        return
    left, bottom, right, top = (float(edge) for edge in page.MediaBox)
    x1, y1, x2, y2 = (float(edge) * PX for edge in figure.A.BBox)
    across = (
        min(max(edge, left), right) for edge in (x1, x2)
    )  # a picture may hang over the edge of its page
    upwards = (min(max(edge, bottom), top) for edge in (top - y2, top - y1))
    box = [edge for pair in zip(across, upwards, strict=True) for edge in pair]
    figure.A.BBox = Array([round(edge, 2) for edge in box])


def _margins(tree: Tree) -> None:
    """What stands in the margins is tagged, but its tags hang nowhere (7.1): it becomes an artifact."""
    numbers = tree.root.ParentTree.Nums
    by_key = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    loose: set[Id] = set()
    told = {reference.Obj.objgen for _, reference in tree.holders}
    for page in tree.pdf.pages:
        owners = by_key.get(int(page.get(Name.StructParents, -1)), ())
        for content, owner in enumerate(owners):
            if owner is None or owner.objgen not in tree.parents:
                tree.artifacts.setdefault(page.objgen, set()).add(content)
                owners[content] = None
        loose |= {a.objgen for a in page.get(Name.Annots, ()) if a.objgen not in told}
    forget_annotations(tree, loose)


def _rewrite_pages(tree: Tree) -> None:
    for page in tree.pdf.pages:
        mere = tree.artifacts.get(page.objgen)
        if mere:
            page.Contents.write(
                MARKED.sub(
                    lambda m: b"/Artifact\nBMC" if int(m[1]) in mere else m[0], _content(page)
                )
            )


def _content(page: Page) -> bytes:
    return bytes(page.Contents.read_bytes())


def _describe_links(pdf: Pdf) -> None:
    """A link says in words where it leads (7.18.5): WeasyPrint writes the anchor's name."""
    places = _places(pdf)
    for page in pdf.pages:
        for link in page.get(Name.Annots, ()):
            if link.get(Name.Subtype) == Name.Link and Name.Dest in link:
                link.Contents = String(places.get(str(link.Dest), "Go to another page"))


def _places(pdf: Pdf) -> dict[str, str]:
    """For each named place: “Go to” and the heading that stands there, else its page."""
    names = (
        pdf.Root.get(Name.Names, Dictionary())
        .get(Name.Dests, Dictionary())
        .get(Name.Names, Array())
    )
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    headings: dict[tuple[Id, int], str] = {}
    stack = [pdf.Root.get(Name.Outlines)]
    while stack:
        entry = stack.pop()
        if entry is None:
            continue
        if Name.Dest in entry:
            headings.setdefault(
                (entry.Dest[0].objgen, round(float(entry.Dest[3]))), str(entry.Title)
            )
        stack += [entry.get(Name.Next), entry.get(Name.First)]
    found = {}
    for name, target in zip(names[::2] if names else (), names[1::2] if names else (), strict=True):
        page = target[0].objgen
        heading = headings.get((page, round(float(target[3]))))
        found[str(name)] = f"Go to {heading}" if heading else f"Go to page {numbers[page]}"
    return found
