"""Faults in the data."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """A fault in the data, with its place.

    A record that is set aside is not scored; every record that was read is either used or set aside with a finding.
    """

    file: str
    """The name of the file or table."""
    place: str
    """Where: ``"file"`` for the whole, else such as ``"line 41"``, ``"feature 3"``, or ``"row 3"`` of a table."""
    id: str | None
    """The record's own id."""
    field: str | None
    """The column, property or part of a geometry."""
    value: str | None
    """The value that was found."""
    why: str
    """What is wrong with it, and what may help."""
    verdict: str
    """``"set aside"``, ``"repaired"`` or ``"noted"``."""
    code: str
    """A word for programs, such as ``"position-doubtful"``."""

    def __str__(self) -> str:
        record = "" if self.place == "file" else f"{self.place}{f' (id {self.id!r})' if self.id else ''}: "
        field = f"{self.field}: " if self.field else ""
        value = f"{self.value!r} " if self.value is not None else ""
        return f"{self.file}: {record}{field}{value}{self.why}"
