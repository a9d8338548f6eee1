"""Why records are set aside, repaired or noted, as a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ._columns import as_read
from ._run import on_executors
from ._ship import ship_options

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

#: The columns of findings, all text.
FIELDS = ("role", "id", "field", "value", "why", "verdict", "code")

#: Rows that are checked at once.
ROWS = 1 << 16


def findings(
    sites_df: DataFrame,
    incidents_df: DataFrame | None = None,
    *,
    columns: Any = None,
    crs: str | None = None,
    date_format: str | None = None,
) -> DataFrame:
    """What is wrong with records, a row each: role, id, field, value, why, verdict (`set aside`, `repaired`, `noted`)
    and code. What is said of many records has no id.

    What `score` sets aside is here with its reason. A finding about a whole file is made for each batch of rows, and
    stands here once if all batches say the same.
    """
    parts = [(sites_df, "sites")] + ([] if incidents_df is None else [(incidents_df, "incidents")])
    options = {"columns": columns, "crs": crs, "date_format": date_format}
    found = None
    for frame, role in parts:
        job = (role, ship_options(frame.sparkSession, options))
        schema = ", ".join(f"{name} string" for name in FIELDS)
        rows = as_read(frame).mapInArrow(on_executors("_findings.found", job), schema)
        found = rows if found is None else found.union(rows)
    return found.distinct()


def found(job: tuple[str, dict[str, Any]], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The findings of a partition."""
    import pyarrow as pa

    for checked in checks(job, batches):
        rows = [
            (job[0], *(None if v is None else str(v) for v in (getattr(f, name) for name in FIELDS[1:])))
            for f in checked
        ]
        yield pa.RecordBatch.from_arrays(
            [pa.array(column, pa.string()) for column in (zip(*rows, strict=True) if rows else [[] for _ in FIELDS])],
            names=list(FIELDS),
        )


def set_aside(frame: DataFrame, role: str, options: dict[str, Any]) -> int:
    """How many records cannot be used, in a pass over all."""
    from pyspark.sql import functions as F

    counts = frame.mapInArrow(on_executors("_findings.counted", (role, options)), "rows bigint, set_aside bigint")
    return counts.agg(F.coalesce(F.sum("set_aside"), F.lit(0))).first()[0]


def counted(job: tuple[str, dict[str, Any]], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """How many records of a partition are read and set aside."""
    import pyarrow as pa

    for checked in checks(job, batches):
        yield pa.RecordBatch.from_pydict({"rows": [checked.read], "set_aside": [checked.set_aside]})


def checks(job: tuple[str, dict[str, Any]], batches: Iterable[pa.RecordBatch]) -> Iterator[Any]:
    """Checks the rows of a partition, some at a time."""
    import tamarisk

    from ._errors import message_first
    from ._ship import arrived
    from ._worker import as_sent, lots

    role, options = job
    options = {name: value for name, value in arrived(options).items() if value is not None}
    with message_first():
        for table in lots(batches, ROWS):
            yield tamarisk.check(as_sent(table), role, **options)
