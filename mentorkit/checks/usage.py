"""Check that everything written is used: files, and pages of the guide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mentorkit.model.block import PlainBlock
from mentorkit.model.program import Module
from mentorkit.program.library import Library
from mentorkit.program.presence import take_home_lists
from mentorkit.program.walk import modules_of
from mentorkit.source.nodes import span_of_key
from mentorkit.source.problem import Problem, Span, warning


def unused(library: Library) -> Iterator[Problem]:
    """A case study, worksheet, page or session that nothing uses is not printed.

    That may be meant, so it is a warning.
    """
    assert library.curriculum is not None
    spine = library.curriculum.model
    modules: list[Module] = [module for _, _, module in modules_of(library)]
    activities = [activity for module in modules for activity in module.activities.values()]
    pages = {*spine.front, *spine.back, *spine.guide}
    lists = [
        *(m.worksheets for m in modules),
        *take_home_lists(library),
        *(a.worksheets for a in activities),
        *(s.model.before.worksheets for s in library.sessions.values() if s.model.before),
    ]
    used: dict[str, set[Any]] = {
        "cases": {activity.case for activity in activities},
        "worksheets": pages.union(*lists),
        "pages": pages,
        "sessions": {*spine.sessions, *spine.homework},
    }
    messages = {
        "cases": ("no activity uses this case study", "name it under case: in an activity"),
        "worksheets": (
            "nothing uses this worksheet",
            "list it under worksheets: in an activity or module",
        ),
        "pages": (
            "the curriculum does not list this page",
            "list it under front:, back: or guide: in curriculum/curriculum.yaml",
        ),
        "sessions": (
            "the curriculum does not list this session",
            "list it under sessions: in curriculum/curriculum.yaml",
        ),
    }
    for slot, (what, hint) in messages.items():
        for name, file in getattr(library, slot).items():
            if name not in used[slot] and name not in library.doubtful:
                yield warning(Span(file.path), "unused", f"{what}, so it is not printed", hint)


# What a block says beside its content; whatever else it may have is printed.
NOT_PRINTED = frozenset({"title", "lines", "returned", "look", "requires"})


def guide_pages(library: Library) -> Iterator[Problem]:
    """A page of the facilitator's guide holds all its text under facilitator, so that none can
    reach a participant."""
    assert library.curriculum is not None
    spine = library.curriculum.model
    for name in spine.guide:
        page = library.pages.get(name)
        if page is None:
            continue
        outside = [
            key
            for key in PlainBlock.model_fields
            if key not in NOT_PRINTED and getattr(page.model, key)
        ]
        if outside:
            yield Problem(
                span_of_key(page.root, (outside[0],)),
                "guide-page",
                "a page of the guide holds text outside facilitator",
                "move it under facilitator: chapters:",
            )
        if name in (*spine.front, *spine.back):
            yield Problem(
                Span(page.path),
                "guide-page",
                "this page is listed both for participants and for the guide",
                "list it once",
            )
