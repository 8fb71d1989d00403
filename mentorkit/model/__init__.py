"""What people may write, as one page of types per kind of file."""

from mentorkit.model.block import Block, Column, Facilitator, Group, Heard, Link, Picture, PlainBlock, Question, Rights, Row, Table, Way
from mentorkit.model.cohort import Break, Cohort, CohortMeeting
from mentorkit.model.program import (
    Activity, Before, Board, CaseStudy, Curriculum, Format, Module, Objective, Page, Session, Step, Strategy, Value, Worksheet,
)

for _model in (Facilitator, Picture, PlainBlock, Block):
    _model.model_rebuild()

__all__ = [
    "Activity", "Before", "Block", "Board", "Break", "CaseStudy", "Cohort", "CohortMeeting", "Column", "Curriculum", "Facilitator", "Format", "Group",
    "Heard", "Link", "Module", "Objective", "Page", "Picture", "PlainBlock", "Question", "Rights", "Row", "Session", "Step", "Strategy", "Table",
    "Value", "Way", "Worksheet",
]
