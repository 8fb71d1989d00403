"""What people may write, as one page of types per kind of file."""

from collections.abc import Iterator

from mentorkit.model.base import Written
from mentorkit.model.block import (
    Block,
    Column,
    Facilitator,
    Group,
    Heard,
    Link,
    Picture,
    PlainBlock,
    Question,
    Rights,
    Row,
    Table,
    Way,
)
from mentorkit.model.cohort import Break, Cohort, CohortMeeting
from mentorkit.model.program import (
    Activity,
    Before,
    Board,
    CaseStudy,
    Curriculum,
    Format,
    FormatMeeting,
    Module,
    Objective,
    Page,
    Session,
    Step,
    Strategy,
    Value,
    Worksheet,
)

for _model in (Facilitator, Picture, PlainBlock, Block):
    _model.model_rebuild()


def _below(model: type[Written]) -> Iterator[type[Written]]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)


# Every word that is a key somewhere: at the start of a line inside a text, it is a key indented too far.
KEYS = frozenset(
    field.alias or name for model in _below(Written) for name, field in model.model_fields.items()
)

__all__ = [
    "Activity",
    "Before",
    "Block",
    "Board",
    "Break",
    "CaseStudy",
    "Cohort",
    "CohortMeeting",
    "Column",
    "Curriculum",
    "Facilitator",
    "Format",
    "FormatMeeting",
    "Group",
    "Heard",
    "KEYS",
    "Link",
    "Module",
    "Objective",
    "Page",
    "Picture",
    "PlainBlock",
    "Question",
    "Rights",
    "Row",
    "Session",
    "Step",
    "Strategy",
    "Table",
    "Value",
    "Way",
    "Worksheet",
]
