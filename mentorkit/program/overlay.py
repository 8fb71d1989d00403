"""One way to change what is written elsewhere: a variation of a case, and the changes of a cohort.

Groups merge by short name; a text replaces a text and keeps its neighbors; a list is replaced
whole; a new name comes last, or `after:` another; `drop` leaves out. Every value keeps the place
where it was written, so messages point into the overlay.
"""

from __future__ import annotations

from collections.abc import Iterator

from mentorkit.source.nodes import Listing, Mapping, Node, Scalar, plain
from mentorkit.source.problem import Problem

DROP = "drop"
# Where a single text is short for a group: the group's main key, by the name of what holds the
# group, or by its own.
MAIN_IN = {
    "questions": "ask",
    "columns": "title",
    "rows": "text",
    "objectives": "text",
    "strategies": "text",
    "links": "title",
    "parts": "text",
    "steps": "do",
}
MAIN_OF = {"before": "text", "board": "title", "in_person": "how", "online": "how"}
FIXED = frozenset(
    {"kind", "points", "choices", "total", "rights"}
)  # answers could not be compared any more; rights are not the cohort's


def merge(
    base: Node,
    over: Node,
    problems: list[Problem],
    holder: str = "",
    name: str = "",
    fixed: frozenset[str] = frozenset(),
) -> Node:
    """`base` with what `over` says otherwise.

    `holder` is the key that holds the group, `name` its own; `fixed` keys may not change.
    """
    main = MAIN_IN.get(holder) or MAIN_OF.get(name, "")
    if isinstance(over, Mapping) and isinstance(base, Scalar) and main:
        base = _group(main, base)
    if isinstance(base, Mapping) and isinstance(over, Scalar) and main and over.text:
        over = _group(main, over)
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        return _merged(base, over, problems, name, fixed)
    if isinstance(base, Mapping):
        written = (
            "a list"
            if isinstance(over, Listing)
            else "a text"
            if isinstance(over, Scalar) and over.text
            else "nothing"
        )
        problems.append(
            Problem(
                over.span,
                "overlay",
                f'"{name}" holds names with a colon, and here is {written}',
                "write the short names that differ, each with its text",
            )
        )
        return base
    return over


def return_lines(over: Node) -> Iterator[Scalar]:
    """Each `return: yes` in what a cohort writes: what was promised to be private stays private."""
    if isinstance(over, Listing):
        for item in over.items:
            yield from return_lines(item)
    elif isinstance(over, Mapping):
        for key, value in over.values.items():
            if key == "return" and isinstance(value, Scalar) and value.text == "yes":
                yield over.keys[key]
            yield from return_lines(value)


def _group(main: str, text: Scalar) -> Mapping:
    return Mapping({main: text}, {main: Scalar(main, text.span)}, text.span)


def _merged(
    base: Mapping, over: Mapping, problems: list[Problem], name: str, fixed: frozenset[str]
) -> Mapping:
    values, keys = dict(base.values), dict(base.keys)
    for key, value in over.values.items():
        written = over.keys[key]
        if isinstance(value, Scalar) and value.text == DROP:
            if key in fixed:
                problems.append(_fixed(written))
            elif values.pop(key, None) is None:
                problems.append(
                    Problem(
                        written.span,
                        "overlay-drop",
                        f'there is no "{key}" here to leave out',
                        "look at the short names in the file that is changed",
                    )
                )
            continue
        if key in fixed and not _same(key, values.get(key), value):
            problems.append(_fixed(written))
            continue
        value, after = _parted(value)
        values[key] = (
            merge(values[key], value, problems, name, key, fixed) if key in values else value
        )
        keys[key] = keys.get(key, written)
        if after is not None:
            values = _moved(values, key, after, problems)
    return Mapping(values, {key: keys[key] for key in values}, base.span, base.flow)


def _fixed(written: Scalar) -> Problem:
    if written.text == "rights":
        return Problem(
            written.span,
            "overlay-fixed",
            '"rights" cannot be changed here',
            "they belong to the text; delete this line",
        )
    return Problem(
        written.span,
        "overlay-fixed",
        f'"{written.text}" cannot be changed here',
        "answers could not be compared; give the place a new short name instead",
    )


def _same(key: str, base: Node | None, over: Node) -> bool:
    if base is None:
        return key == "kind" and plain(over) == "text"
    return plain(base) == plain(over)


def _parted(value: Node) -> tuple[Node, Scalar | None]:
    """A group without its `after`, and that."""
    after = value.values.get("after") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(after, Scalar):
        return value, None
    values = {key: inner for key, inner in value.values.items() if key != "after"}
    return Mapping(values, {key: value.keys[key] for key in values}, value.span, value.flow), after


def _moved(
    values: dict[str, Node], key: str, after: Scalar, problems: list[Problem]
) -> dict[str, Node]:
    """`values` with `key` behind the one that `after` names."""
    others = [name for name in values if name != key]
    if after.text not in others:
        problems.append(
            Problem(
                after.span,
                "overlay-after",
                f'there is no "{after.text}" here to stand after',
                "look at the short names in the file that is changed",
            )
        )
        return values
    place = others.index(after.text) + 1
    return {name: values[name] for name in (*others[:place], key, *others[place:])}
