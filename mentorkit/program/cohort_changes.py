"""A library and a cohort's `changes` to the library as that cohort has it, and what its messages
say of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from mentorkit.model.cohort import Cohort
from mentorkit.model.file_kinds import CHANGED_KINDS, kind_of_model
from mentorkit.model.program import Curriculum
from mentorkit.model.validation_errors import did_you_mean
from mentorkit.program import overlay
from mentorkit.program.library import CURRICULUM, Filed, Home, Library
from mentorkit.source.nodes import Mapping, Node, Scalar, scalars, span_of_key
from mentorkit.source.problem import Problem

Judge = Callable[[Mapping, type[Any], str, list[Problem]], Any]


def changed(
    library: Library, cohort: Filed[Cohort], problems: list[Problem], judge: Judge
) -> Library:
    """The library with each change of the cohort laid over the file that holds its home; `judge`
    makes models of what comes out.
    """
    changes = cohort.root.values.get("changes")
    if not isinstance(changes, Mapping):
        return library
    problems += [
        Problem(
            key.span,
            "overlay-return",
            "a cohort cannot ask for answers that the program promised to keep private",
            "delete this line",
        )
        for key in overlay.return_lines(changes)
    ]
    homes = {home.name: home for home in library.homes()}
    roots: dict[str, tuple[Filed[Any], Mapping]] = {}
    dropped: set[str] = set()
    for name, over in changes.values.items():
        file, path = _place(library, homes, name)
        if file is None:
            if name not in library.doubtful:
                problems.append(
                    Problem(
                        changes.keys[name].span,
                        "unknown-name",
                        f'there is nothing called "{name}" in this program',
                        did_you_mean(name, homes) or "look it up where it is written",
                    )
                )
            continue
        if _is_drop(over) and (not path or homes[name].sort == "module"):
            dropped.add(
                name
                # A break after an activity that is gone is a slip; a worksheet’s row about a module
                # is none
            )
        if not path and name in dropped:
            problems += _in_use(library, homes.get(name), changes)
        else:
            root = roots.get(file.path, (file, file.root))[1]
            roots[file.path] = (file, _laid(root, path, name, over, changes.keys[name], problems))
    for file, root in roots.values():
        library = _replaced(library, file, root, problems, judge)
    left_out = {name for name, over in changes.values.items() if _is_drop(over)}
    return replace(_without(library, dropped), left_out=frozenset(left_out))


def _is_drop(over: Node) -> bool:
    """Return whether a cohort leaves a thing out."""
    return isinstance(over, Scalar) and over.text == overlay.DROP


def departures(changes: Node | None) -> Iterator[str]:
    """One line for each place where the cohort's file changes the program."""
    for path, scalar in scalars(changes) if isinstance(changes, Mapping) else ():
        words = " › ".join(str(step) for step in path)
        yield (
            f"{words}: {'left out' if scalar.text == overlay.DROP else 'changed'} "
            f"({scalar.span.file}, line {scalar.span.line})"
        )


def pointed(
    found: Iterable[Problem], program: set[Problem], cohort: Filed[Cohort]
) -> Iterator[Problem]:
    """What is wrong because of this cohort, each in its own folder: what the program has anyway,
    and what it now leaves unused or unserved, is not told.
    """
    mine = cohort.path.rpartition("/")[0] + "/"
    for problem in found:
        if problem.span.file.startswith(mine):
            yield problem
        elif problem not in program and problem.code not in ("unused", "unserved"):
            yield replace(
                problem,
                span=span_of_key(cohort.root, ("changes",)),
                what=(
                    f"with these changes, in {problem.span.file}, line {problem.span.line}: "
                    f"{problem.what}"
                ),
            )


def _place(
    library: Library, homes: dict[str, Home], name: str
) -> tuple[Filed[Any] | None, tuple[str, ...]]:
    """The file that holds the home `name`, and the path to it there."""
    if name == CURRICULUM:
        return library.curriculum, ()
    home = homes.get(name)
    return (home.file, home.path) if home else (None, ())


def _in_use(library: Library, home: Home | None, changes: Mapping) -> Iterator[Problem]:
    """A case study that an activity still uses cannot be left out; all else that is left out is
    passed over where it is listed.
    """
    if home is None:
        yield Problem(
            changes.keys[CURRICULUM].span,
            "overlay-drop",
            "the curriculum cannot be left out",
            "delete this line",
        )
    elif home.sort == "case study":
        for session in library.sessions.values():
            for module in session.model.modules.values():
                for name, activity in module.activities.items():
                    over = changes.values.get(name)
                    is_dropped = over is not None and _is_drop(over)
                    spared = is_dropped or isinstance(over, Mapping) and "case" in over.values
                    if activity.case == home.name and not spared:
                        yield Problem(
                            changes.keys[home.name].span,
                            "overlay-drop",
                            f'the activity "{name}" uses this case study',
                            f"drop {name} too, or give it another case",
                        )


def _laid(
    root: Mapping,
    path: tuple[str, ...],
    name: str,
    over: Node,
    key: Scalar,
    problems: list[Problem],
) -> Mapping:
    """`root` with `over` laid over the group at `path`."""
    for step in reversed(path):
        over = Mapping({step: over}, {step: key}, over.span)
    merged = overlay.merge(root, over, problems, name=name, fixed=overlay.FIXED)
    return merged if isinstance(merged, Mapping) else root


def _replaced(
    library: Library, file: Filed[Any], root: Mapping, problems: list[Problem], judge: Judge
) -> Library:
    model = judge(root, type(file.model), "changed file", problems)
    if model is None:
        return library
    new = replace(file, root=root, model=model)
    if isinstance(file.model, Curriculum):
        return replace(library, curriculum=new)
    slot = kind_of_model(type(file.model)).slot
    filled: dict[str, Any] = {slot: {**getattr(library, slot), file.name: new}}
    return replace(library, **filled)


def _without(library: Library, dropped: set[str]) -> Library:
    """The library without whole files that a cohort leaves out; lists that still name what is left
    out are no problem.
    """
    slots: dict[str, Any] = {
        slot: {name: file for name, file in getattr(library, slot).items() if name not in dropped}
        for slot in (kind.slot for kind in CHANGED_KINDS)
    }
    return replace(library, **slots, doubtful=library.doubtful | dropped)
