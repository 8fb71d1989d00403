"""The heights of a run sheet's rows, so that it stays one page and a row is as tall as its
activity is long.
"""

from __future__ import annotations

from markupsafe import Markup

from mentorkit.edition.guide import GuideActivity, GuideChapter
from mentorkit.edition.markdown import plain

SHEET_MM = 176.0  # what the rows and the lists of a run sheet share on the shorter paper
LONG_LIST = 500  # characters
FIRST_WORDS = 50  # characters of what is said first: one line


def sheet_css(chapter: GuideChapter) -> Markup:
    """The heights of a session's run sheet, one class an activity, since styles stand in no
    attribute.
    """
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
    """Return the millimeters that the words of a run sheet's row need."""
    what = -(-len(plain(activity.title) + activity.priority) // 44)
    said = -(-len(first_words(activity)) // 52)
    has_split = activity.steps and activity.minutes > 9
    how = -(-len(activity.steps) * 13 // 24) if has_split else 1
    return 1.2 + max(4.6 * what + 4.3 * said, 4.3 * how, 9.0)


def _room(chapter: GuideChapter) -> float:
    """Millimeters for the rows of a run sheet, so that it stays one page: the rest goes to head
    and lists.
    """
    words = 90 if long_list(chapter) else sum(len(plain(item)) + 3 for item in chapter.materials)
    trims = sum(20 + sum(len(trim.title) + 27 for trim in plan) for _, plan in chapter.late)
    lines = sum(-(-length // 105) for length in (words, trims, len(plain(chapter.notes.cut))))
    between = sum(
        5.6 * bool(a.pause) + 5 * bool(a.opens)
        for module in chapter.modules
        for a in module.activities
    )
    return SHEET_MM - 4.3 * lines - between


def long_list(chapter: GuideChapter) -> bool:
    """True where the materials are too many for the run sheet, which then says where they stand."""
    return sum(len(plain(item)) + 3 for item in chapter.materials) > LONG_LIST


def first_words(activity: GuideActivity) -> str:
    """Return the first words that the facilitator says, cut where they are long."""
    said = " ".join(plain(activity.notes.say).split())
    if len(said) <= FIRST_WORDS:
        return said
    return said[:FIRST_WORDS].rsplit(" ", 1)[0] + " …"
