"""One way to change what is written elsewhere: a variation of a case, and the changes of a cohort.

Groups merge by short name; a text replaces a text and keeps its neighbors; a list is replaced whole; a new name comes last, or
`after:` another; `drop` leaves out. Every value keeps the place where it was written, so messages point into the overlay.
"""

from __future__ import annotations

from mentorkit.problem import Problem
from mentorkit.source import Listing, Mapping, Node, Scalar

DROP = "drop"
# Where a single text is short for a group: the group's main key, by the name of what holds it.
MAIN = {"questions": "ask", "columns": "title", "rows": "text", "objectives": "text", "strategies": "text", "links": "title", "parts": "text"}
FIXED = {"kind", "points", "choices", "total", "rights"}  # answers could not be compared any more


def merge(base: Node, over: Node, problems: list[Problem], holder: str = "", name: str = "", fixed: frozenset[str] = frozenset()) -> Node:
    """`base` with what `over` says otherwise. `holder` is the key that holds the group, `name` its own."""
    main = MAIN.get(holder, "")
    if isinstance(over, Mapping) and isinstance(base, Scalar) and main:
        base = Mapping({main: base}, {main: Scalar(main, base.span)}, base.span)
    if isinstance(base, Mapping) and isinstance(over, Scalar) and main and main in base.values:
        over = Mapping({main: over}, {main: Scalar(main, over.span)}, over.span)
    if not isinstance(base, Mapping) or not isinstance(over, Mapping):
        if isinstance(over, Listing) and isinstance(base, Mapping):
            problems.append(Problem(over.span, "overlay", f'"{name}" holds names with a colon, and here stands a list', "write the short names that differ"))
            return base
        return over
    values, keys = dict(base.values), dict(base.keys)
    for key, value in over.values.items():
        if key == "after":
            continue
        if isinstance(value, Scalar) and value.text == DROP:
            if values.pop(key, None) is None:
                problems.append(Problem(over.keys[key].span, "overlay-drop", f'there is no "{key}" here to leave out', "look at the short names in the file that is changed"))
            keys.pop(key, None)
        elif key in fixed and key in values and _plain(values[key]) != _plain(value):
            problems.append(Problem(over.keys[key].span, "overlay-fixed", f'"{key}" cannot be changed here', "answers could not be compared; give the place a new short name instead"))
        elif key in values:
            values[key] = merge(values[key], value, problems, name, key, fixed)
        else:
            values, keys = _added(values, keys, over, key, value, problems)
    return Mapping(values, keys, base.span)


def _added(values: dict[str, Node], keys: dict[str, Scalar], over: Mapping, key: str, value: Node,
           problems: list[Problem]) -> tuple[dict[str, Node], dict[str, Scalar]]:
    """`values` with a new name: last, or behind the one that its `after` names."""
    after = value.values.get("after") if isinstance(value, Mapping) else None
    if isinstance(value, Mapping) and isinstance(after, Scalar):
        value = Mapping({k: v for k, v in value.values.items() if k != "after"}, value.keys, value.span)
        if after.text not in values:
            problems.append(Problem(after.span, "overlay-after", f'there is no "{after.text}" here to stand after', "look at the short names in the file that is changed"))
        else:
            place = list(values).index(after.text) + 1
            values = dict([*list(values.items())[:place], (key, value), *list(values.items())[place:]])
            return values, {**keys, key: over.keys[key]}
    return {**values, key: value}, {**keys, key: over.keys[key]}


def _plain(node: Node) -> object:
    return node.text if isinstance(node, Scalar) else None
