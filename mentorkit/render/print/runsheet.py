"""The heights of a run sheet's rows, so that it stays one page and a row is as tall as its activity is long."""

from __future__ import annotations

from markupsafe import Markup

from mentorkit.edition.guide import GuideActivity, GuideChapter
from mentorkit.edition.markdown import plain

SHEET_MM = 186.0  # what the rows and the lists of a run sheet share on the shorter paper
LONG_LIST = 500  # characters


def sheet_css(chapter: GuideChapter) -> Markup:
    """The heights of a session's run sheet, one class an activity, since styles stand in no attribute."""
    activities = [activity for module in chapter.modules for activity in module.activities]
    if not activities:
        return Markup("")
    lowest = [_lowest(activity) for activity in activities]
    room = _room(chapter) - 5 * len(chapter.modules)
    scale = room / chapter.minutes
    for _ in range(9):  # what the brief ones take beyond their share, the long ones give
        taken = sum(max(a.minutes * scale, low) for a, low in zip(activities, lowest, strict=True))
        scale *= min(room / taken, 1)
    tall = {
        f"{a.name}": max(a.minutes * scale, low) for a, low in zip(activities, lowest, strict=True)
    }
    return Markup(
        "\n".join(
            f".sheet-{chapter.name} .of-{name} {{ height: {mm:.1f}mm }}"
            for name, mm in tall.items()
        )
    )


def _lowest(activity: GuideActivity) -> float:
    """Millimeters that the words of a run sheet's row need: the title, and a line of steps where it is long."""
    lines = -(-len(plain(activity.title) + activity.priority) // 34)
    return 1.2 + 4.3 * lines + 3.9 * bool(activity.steps and activity.minutes > 9)


def _room(chapter: GuideChapter) -> float:
    """Millimeters for the rows of a run sheet, so that it stays one page: the rest goes to head and lists."""
    words = 90 if long_list(chapter) else sum(len(plain(item)) + 3 for item in chapter.materials)
    trims = sum(20 + sum(len(trim.title) + 27 for trim in plan) for _, plan in chapter.late)
    lines = sum(-(-length // 115) for length in (words, trims, len(plain(chapter.notes.cut))))
    between = sum(
        5.6 * bool(a.pause) + 5 * bool(a.opens)
        for module in chapter.modules
        for a in module.activities
    )
    return SHEET_MM - 4.3 * lines - between


def long_list(chapter: GuideChapter) -> bool:
    """True where the materials are too many for the run sheet, which then says where they stand."""
    return sum(len(plain(item)) + 3 for item in chapter.materials) > LONG_LIST
