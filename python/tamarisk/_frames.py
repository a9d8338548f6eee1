"""Frames of pandas and GeoPandas as tables of Arrow, also where Arrow has no type for a column."""

from __future__ import annotations

import datetime
import json
import math
import numbers
import os
import uuid
from collections.abc import Callable
from typing import Any

from tamarisk._errors import UsageError, warn
from tamarisk._needs import needs


def arrow(frame: Any, name: str, make: Callable[[Any], Any]) -> Any:
    """A table of Arrow made of a frame. Columns of several types are read cell by cell, as those of a CSV.

    Raises:
        UsageError: A column that has no values that could be read, by its name.
    """
    pyarrow = needs("pyarrow", "geopandas")
    refused = (ValueError, TypeError, NotImplementedError, OverflowError, pyarrow.ArrowException)
    frame = _with(frame, {label: spans(frame[label]) for label in frame if _is_period(frame[label].dtype)})
    try:
        return make(frame)
    except refused:
        texts = {}
        for label in frame:
            if str(frame[label].dtype) != "geometry" and not _is_taken(frame[label], refused):
                texts[label] = _texts(frame[label], name, label)
        if not texts:
            raise
        return make(_with(frame, texts))


def _with(frame: Any, columns: dict[Any, Any]) -> Any:
    """A frame with other columns in the place of some; the one that was given is not changed."""
    if columns:
        frame = frame.copy(deep=False)
        for label, column in columns.items():
            frame[label] = column
    return frame


def check_labels(frame: Any, name: str) -> None:
    """Refuse a frame whose columns cannot be told by one name each."""
    if frame.columns.nlevels > 1:
        raise UsageError(
            f"{name}: its columns have names of {frame.columns.nlevels} levels, such as {frame.columns[0]!r}",
            'one name for each: frame.columns = ["_".join(map(str, label)) for label in frame.columns]',
            "column-unclear",
        )
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise UsageError(
            f"{name}: has several columns {str(twice[0])!r}",
            f"keep one of them, or rename the others; columns: {', '.join(map(str, frame.columns))}",
            "column-unclear",
        )


def _is_period(dtype: Any) -> bool:
    return str(dtype).startswith("period[")


def spans(column: Any) -> Any:
    """Periods as texts of their first and last day."""

    def text(period: Any) -> str | None:
        if _is_missing(period):
            return None
        first, last = period.start_time.date().isoformat(), period.end_time.date().isoformat()
        return first if first == last else f"{first}/{last}"

    return column.astype(object).map(text)


def _is_taken(column: Any, refused: tuple[type[BaseException], ...]) -> bool:
    """Whether Arrow has a type for a column."""
    try:
        needs("pyarrow", "geopandas").Array.from_pandas(column)
    except refused:
        return False
    return True


def _texts(column: Any, name: str, label: Any) -> Any:
    """The values of a column as texts, as pandas would write them into a CSV."""
    kinds: dict[str, None] = {}
    texts: list[str | None] = []
    for row, value in enumerate(column.astype(object)):
        if _is_missing(value):
            texts.append(None)
            continue
        kinds.setdefault(type(value).__name__)
        text = _text(value)
        if text is None:
            raise _unreadable(name, label, row, value)
        texts.append(text)
    warn(
        f"{name}: the column {str(label)!r} has values of several types ({', '.join(kinds)}); "
        "each is read as the text that a CSV would have"
        if len(kinds) > 1
        else f"{name}: Arrow has no type for the values of the column {str(label)!r} ({', '.join(kinds)}); "
        "each is read as its text"
    )
    return needs("pandas", "geopandas").Series(texts, index=column.index, dtype=object)


def _is_missing(value: Any) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return type(value).__name__ in ("NAType", "NaTType")


def _text(value: Any) -> str | None:
    """A value as text; None if it has none that says what it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, default=str, ensure_ascii=False)
    if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
        return None
    plain = (numbers.Number, datetime.date, datetime.time, datetime.timedelta, uuid.UUID, os.PathLike)
    if isinstance(value, plain) or type(value).__module__.partition(".")[0] in ("numpy", "pandas", "decimal"):
        return str(value)
    return None


def _unreadable(name: str, label: Any, row: int, value: Any) -> UsageError:
    of, label = type(value), str(label)
    kind = of.__qualname__ if of.__module__ == "builtins" else f"{of.__module__}.{of.__qualname__}"
    hint = f"give it as text, frame[{label!r}].astype(str), or leave it out: frame.drop(columns={label!r})"
    if of.__module__.partition(".")[0] == "shapely":
        hint = f"geopandas.GeoDataFrame(frame, geometry={label!r}, crs=CRS)"
    return UsageError(
        f"{name}: the column {label!r} cannot be read: row {row} has a {kind}",
        hint,
        "column-unclear",
    )
