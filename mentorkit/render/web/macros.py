"""The macro of templates/web/kinds.html that shows each kind of content."""

from __future__ import annotations

from typing import assert_never

from mentorkit.edition.content import (
    Board,
    CardDeck,
    Content,
    CreditLine,
    CrossReferences,
    FieldTable,
    Figure,
    Gallery,
    GoalTable,
    LinkList,
    Notice,
    NoticeKind,
    PairTable,
    Prose,
    QuestionList,
    SignatureLine,
    Staircase,
    Stem,
    Steps,
    Story,
    TermList,
    TickTable,
    WhoIsWho,
)


def web_macro_of(item: Content) -> str:
    """Return the name of the macro that shows this content."""
    match item:
        case Notice(NoticeKind.HEADS_UP):
            name = "heads_up"
        case Notice():
            name = "privacy"
        case WhoIsWho():
            name = "who_is_who"
        case Prose():
            name = "prose"
        case Story():
            name = "story"
        case Stem():
            name = "stem"
        case Steps():
            name = "steps"
        case Board():
            name = "board"
        case Figure():
            name = "figure_of"
        case FieldTable():
            name = "cell_cards" if _has_places(item) else "reading_table"
        case TickTable():
            name = "tick_list" if len(item.columns) == 1 else "cell_cards"
        case PairTable():
            name = "pair_table"
        case CardDeck():
            name = "card_deck"
        case GoalTable():
            name = "goal_table"
        case QuestionList():
            name = "question_list"
        case SignatureLine():
            name = "signature_line"
        case Staircase():
            name = "staircase"
        case LinkList():
            name = "link_list"
        case CrossReferences():
            name = "cross_references"
        case TermList():
            name = "term_list"
        case Gallery():
            name = "gallery"
        case CreditLine():
            name = "credit_line"
        case _:
            assert_never(item)
    return name


def _has_places(table: FieldTable) -> bool:
    return any(row.own for row in table.rows) or any(column.kind for column in table.columns)
