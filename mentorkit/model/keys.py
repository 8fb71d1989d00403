"""Every key that the model knows, in one set."""

from collections.abc import Iterator

from mentorkit.model import block, cohort, program  # noqa: F401  (their classes are looked up below)
from mentorkit.model.types import Written


def _subclasses(model: type[Written]) -> Iterator[type[Written]]:
    for subclass in model.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


# At the start of a line inside a text, one of these is a key that was indented too far.
KEYS = frozenset(
    field.alias or name
    for model in _subclasses(Written)
    for name, field in model.model_fields.items()
)
