"""A form for a file, made from the model: what is written, what may be added, each with its words
of help."""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mentorkit.editing.rewrap import unwrapped
from mentorkit.model.validation_errors import NOUNS
from mentorkit.program.overlay import MAIN_IN, MAIN_OF
from mentorkit.source.nodes import Listing, Mapping, Node, Scalar

Path = tuple[str | int, ...]
LINE = 500  # what may be longer is a text, of several lines


@dataclass(frozen=True)
class Field:
    """One thing of a form.

    `sort` is line, text, choice, yes, number or date; group, named or list; `adds` says what one of
    its entries is made of.
    """

    path: Path
    sort: str
    label: str
    help: str = ""
    value: str = ""
    options: tuple[str, ...] = ()
    required: bool = False
    present: bool = True
    fields: tuple[Field, ...] = ()
    noun: str = ""
    adds: tuple[
        str, ...
    ] = ()  # the first name of a new entry and those it cannot be without; empty: a text alone

    @property
    def id(self) -> str:
        return identity(self.path)

    @property
    def single(self) -> bool:
        return self.sort not in ("group", "named", "list")


@dataclass(frozen=True)
class _Kind:
    sort: str
    model: type[BaseModel] | None = None
    options: tuple[str, ...] = ()
    inner: _Kind | None = field(default=None)


def identity(path: Path) -> str:
    """The id of a field in the page; short names hold no hyphens, so it is unique."""
    return "-".join(("f", *map(str, path)))


def form(model: type[BaseModel], root: Mapping) -> tuple[Field, ...]:
    """The fields of a whole file."""
    return tuple(_fields(model, root, ()))


def span_path(root: Node, line: int, column: int) -> Path:
    """The path to the value written at a place, or to the nearest one above it."""
    best: tuple[tuple[int, int], Path] = ((0, 0), ())
    for path, node, key in _nodes(root, ()):
        for span in (node.span, key.span) if key else (node.span,):
            if best[0] <= (span.line, span.column) <= (line, column):
                best = ((span.line, span.column), path)
    return best[1]


def is_text(model: type[BaseModel], path: Path) -> bool:
    """True where long texts belong, which may be broken into lines."""
    kind = _Kind("group", model)
    for step in path:
        below = kind.inner
        if kind.model:
            below = next(
                (
                    _kind_of(each)
                    for name, each in kind.model.model_fields.items()
                    if step in (name, each.alias)
                ),
                None,
            )
        if below is None:
            return True
        kind = below
    if kind.model and (main := _main(path)) in kind.model.model_fields:
        return is_text(model, (*path, main))
    return (kind.inner.sort if kind.inner else kind.sort) == "text"


def _nodes(
    node: Node, path: Path, key: Scalar | None = None
) -> Iterator[tuple[Path, Node, Scalar | None]]:
    yield path, node, key
    if isinstance(node, Mapping):
        for name, each in node.values.items():
            yield from _nodes(each, (*path, name), node.keys.get(name))
    for number, each in enumerate(node.items if isinstance(node, Listing) else ()):
        yield from _nodes(each, (*path, number))


def _main(path: Path) -> str:
    """The name for which a single text at this place is short."""
    return MAIN_IN.get(str(path[-2]) if len(path) > 1 else "") or MAIN_OF.get(str(path[-1]), "")


def _kind_of(info: FieldInfo) -> _Kind:
    longest = max((getattr(each, "max_length", None) or 0 for each in info.metadata), default=0)
    return _kind(info.annotation, longest)


def _kind(annotation: Any, longest: int = 0) -> _Kind:
    """What a value of this type is on a page. Of two ways to write one, the text."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _kind(
            parts[0],
            max((getattr(each, "max_length", None) or 0 for each in parts[1:]), default=0)
            or longest,
        )
    if origin in (typing.Union, types.UnionType):
        inner = [each for each in parts if each is not type(None)]
        return _kind(inner[0], longest)
    if origin is Literal:
        return _Kind("choice", options=tuple(map(str, parts)))
    if origin is dict:
        return _Kind("named", inner=None if parts[1] in (Any, object) else _kind(parts[1]))
    if origin is tuple:
        return _Kind("list", inner=_kind(parts[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _Kind("group", annotation)
    sorts = {bool: "yes", int: "number", datetime.date: "date"}
    return _Kind(sorts.get(annotation, "text" if annotation is str and longest > LINE else "line"))


def _fields(model: type[BaseModel], node: Node | None, path: Path) -> Iterator[Field]:
    """The fields of a group: what is written in its order, then what may be."""
    written = node.values if isinstance(node, Mapping) else {}
    main = _main(path) if path else ""
    for name, info in sorted(model.model_fields.items(), key=lambda each: each[0] != main):
        key = info.alias or name
        value = node if isinstance(node, Scalar) and key == main else written.get(key)
        yield _field(
            _kind_of(info),
            value,
            (*path, key),
            (info.description or "").strip(),
            info.is_required(),
        )


def _field(
    kind: _Kind, node: Node | None, path: Path, help_: str = "", required: bool = False
) -> Field:
    label = str(path[-1]).replace("_", " ") if isinstance(path[-1], str) else str(path[-1] + 1)
    noun = NOUNS.get(str(path[-1]), "entry")
    present = node is not None
    if isinstance(node, Mapping) and kind.sort not in ("group", "named"):
        kind = _Kind("named")  # rights of its own, and whatever a cohort changes
    if kind.sort == "group" and kind.model:
        inner = tuple(_fields(kind.model, node, path)) if present else ()
        return Field(
            path,
            "group",
            label,
            help_,
            required=required,
            present=present,
            fields=inner,
            noun=label,
            adds=_needs(kind.model, path),
        )
    if kind.sort in ("named", "list"):
        return _several(kind, node, path, label, help_, required, noun)
    text = node.text if isinstance(node, Scalar) else ""
    sort = "text" if kind.sort == "line" and "\n" in text else kind.sort
    return Field(
        path,
        sort,
        label,
        help_,
        unwrapped(text) if sort == "text" else text,
        kind.options,
        required,
        present,
    )


def _several(
    kind: _Kind, node: Node | None, path: Path, label: str, help_: str, required: bool, noun: str
) -> Field:
    items: list[tuple[str | int, Node]] = (
        list(node.values.items()) if isinstance(node, Mapping) else []
    )
    if isinstance(node, Listing):
        items = list(enumerate(node.items))
    if isinstance(node, Scalar):  # one text is short for a list of one
        items = [(0, node)]
    inner = tuple(_field(kind.inner or _loose(each), each, (*path, name)) for name, each in items)
    adds = _needs(kind.inner.model, (*path, "")) if kind.inner and kind.inner.model else ()
    return Field(
        path,
        kind.sort,
        label,
        help_,
        required=required,
        present=node is not None,
        fields=inner,
        noun=noun,
        adds=adds,
    )


def _loose(node: Node) -> _Kind:
    """What is written where the model leaves it open."""
    if isinstance(node, Scalar):
        return _Kind("text" if "\n" in node.text or len(node.text) > 90 else "line")
    return _Kind("named" if isinstance(node, Mapping) else "list")


def _needs(model: type[BaseModel] | None, path: Path) -> tuple[str, ...]:
    """The names that a new group of this model starts with: its main one first."""
    if model is None:
        return ()
    names = [(info.alias or name, info) for name, info in model.model_fields.items()]
    first = _main(path) or next((name for name, info in names if info.is_required()), names[0][0])
    return tuple(dict.fromkeys((first, *(name for name, info in names if info.is_required()))))
