"""Read the annotations of the model: one walk for messages, schemas, documents and checks."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mentorkit.model.types import OneParagraph, ShortForm

Path = tuple[Any, ...]


@dataclass(frozen=True)
class Choice:
    """One of the types that a value may have, and the details written beside it (limits, short
    forms)."""

    kind: Any
    details: tuple[Any, ...] = ()

    @property
    def model(self) -> type[BaseModel] | None:
        """The model of a group; None for everything else."""
        is_model = isinstance(self.kind, type) and issubclass(self.kind, BaseModel)
        return self.kind if is_model else None

    @property
    def inner(self) -> Any:
        """The annotation of what a list or a group of short names holds.

        None for everything else.
        """
        origin, parts = typing.get_origin(self.kind), typing.get_args(self.kind)
        if origin is dict and len(parts) == 2:
            return parts[1]
        return parts[0] if origin in (tuple, list) and parts else None


def choices_of(annotation: Any, details: tuple[Any, ...] = ()) -> Iterator[Choice]:
    """Give the types that a value of this annotation may have, without what wraps them."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        yield from choices_of(parts[0], (*parts[1:], *details))
    elif origin in (typing.Union, types.UnionType):
        for part in parts:
            yield from choices_of(part, details)
    else:
        yield Choice(annotation, details)


def annotation_of(field: FieldInfo) -> Any:
    """Return the annotation of a field with its details."""
    annotation: Any = field.annotation
    for detail in field.metadata:
        annotation = Annotated[annotation, detail]
    return annotation


def key_of(name: str, field: FieldInfo) -> str:
    """Return the key that authors write for a field."""
    return field.alias or name


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys that may be written in a group of this model, in order."""
    return [key_of(name, field) for name, field in model.model_fields.items()]


def annotation_at(model: type[BaseModel], path: Path) -> Any:
    """Return the annotation of the value at `path` in a file of this model.

    None where there is none.
    """
    annotation: Any = model
    for step in path:
        annotation = _step_into(annotation, step)
        if annotation is None:
            return None
    return annotation


def _step_into(annotation: Any, step: Any) -> Any:
    for choice in choices_of(annotation):
        if choice.model:
            for name, field in choice.model.model_fields.items():
                if step in (name, field.alias):
                    return annotation_of(field)
        elif choice.inner is not None and (
            isinstance(step, int) or typing.get_origin(choice.kind) is dict
        ):
            return choice.inner
    return None


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Return the model of the group at `path` in a file of this model; None where there is none."""
    found = annotation_at(model, path)
    return None if found is None else next(filter(None, map(_model_of, choices_of(found))), None)


def _model_of(choice: Choice) -> type[BaseModel] | None:
    return choice.model


def is_one_paragraph(annotation: Any) -> bool:
    """Return whether a text of this annotation is printed as one paragraph.

    Where a text is short for a group or a list, the part that it stands for decides.
    """
    for choice in choices_of(annotation):
        if any(isinstance(detail, OneParagraph) for detail in choice.details):
            return True
        main = _short_key(choice.details)
        if choice.model and main:
            return is_one_paragraph(annotation_of(choice.model.model_fields[main]))
        if typing.get_origin(choice.kind) is tuple:
            return is_one_paragraph(choice.inner)
    return False


def _short_key(details: Iterable[Any]) -> str:
    """Return the key that a text alone is short for; empty where it is short for none."""
    for detail in details:
        if isinstance(form := getattr(detail, "func", None), ShortForm):
            return form.key
    return ""
