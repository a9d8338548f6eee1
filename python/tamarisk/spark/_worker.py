"""What runs on executors: packing rows, an engine for each process, and whole sites through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import tamarisk

from ._errors import message_first
from ._estimate import BATCH
from ._ship import Shipped, arrived, utc

#: The key that keeps the parts of a site together, beside the columns of the sites.
KEY = "_tamarisk_key"


@dataclass(frozen=True)
class Job:
    """How sites are scored."""

    #: Names a state of incidents, receptors and options: engines are shared by those of one.
    fingerprint: str
    #: The keywords of an engine, with shipped files.
    options: dict[str, Any]
    receptors: Any
    #: All incidents, if each executor has them.
    incidents: Shipped | None
    #: The columns of the sites.
    sites: SitesRead
    #: The summary of all incidents, if each engine has a part of them.
    summary: bytes = b""
    #: The columns of the incidents, if each engine has a part of them.
    incident_schema: pa.Schema | None = None


@dataclass(frozen=True)
class SitesRead:
    """The columns of the sites and of the scored rows."""

    id: str
    #: (name, column) of each own column in the scored rows.
    own: tuple[tuple[str, str], ...]
    #: The scored rows.
    schema: pa.Schema


def packed(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows of a partition as Parquet files in memory, each of at most a million rows."""
    import pyarrow.parquet as parquet

    schema = utc(schema)
    for table in lots(batches, 1 << 20):
        sink = pa.BufferOutputStream()
        parquet.write_table(table.cast(schema), sink, compression="zstd")
        yield pa.RecordBatch.from_pydict({"parquet": pa.array([sink.getvalue().to_pybytes()], pa.binary())})


def lots(batches: Iterable[pa.RecordBatch], most: int) -> Iterator[pa.Table]:
    """Batches put together into tables of at least `most` rows, but for the last."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += len(batch)
        if rows >= most:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
    if rows:
        yield pa.Table.from_batches(held)


def whole_sites(batches: Iterable[pa.RecordBatch], most: int = BATCH) -> Iterator[pa.Table]:
    """Tables of at most `most` rows that never part rows of the same key; rows come sorted by it. A site with more parts
    has a longer one of its own.

    Without a column of keys every row is a site of its own.
    """
    held: pa.Table | None = None
    for batch in batches:
        table = pa.Table.from_batches([batch])
        held = table if held is None else pa.concat_tables([held, table])
        while len(held) > most and (end := end_of_whole(held, most)) is not None:
            yield held.slice(0, end)
            held = held.slice(end)
    if held is not None and len(held):
        yield held


def end_of_whole(table: pa.Table, most: int) -> int | None:
    """How many of the first rows hold whole sites: at most `most`, or else the first site; None if it may go on."""
    if KEY not in table.column_names:
        return most
    keys = table.column(KEY)
    before: int = pc.index(keys, keys[most]).as_py()
    if before > 0:
        return before
    other: int = pc.index(pc.not_equal(keys, keys[0]), True).as_py()
    return other if other > 0 else None


_held: tuple[str, tamarisk.Engine] | None = None


def engine_of(job: Job) -> tamarisk.Engine:
    """The engine of a job with receptors, and with all incidents if each executor has them; one is held for each process,
    for the tasks that follow."""
    global _held
    if _held is None or _held[0] != job.fingerprint:
        # The other goes before this one comes, so that there are never two.
        _held = None
        incidents = None if job.incidents is None else job.incidents.path()
        engine = tamarisk.Engine(incidents, arrived(job.receptors), threads=cores(), **arrived(job.options))
        _held = (job.fingerprint, engine)
    return _held[1]


def cores() -> int:
    """Cores of this task: `spark.task.cpus`."""
    from pyspark import TaskContext

    context = TaskContext.get()
    return context.cpus() if context is not None else 1


def broadcast(job: Job, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Scores the sites of a partition with an engine of all incidents."""
    with message_first():
        for table in whole_sites(batches):
            yield from scored(job, engine_of(job), table)


def scored(job: Job, engine: tamarisk.Engine, table: pa.Table) -> Iterator[pa.RecordBatch]:
    """The scored rows of whole sites, in the order of the result's columns: Spark takes columns by position."""
    sites = as_sent(table.drop_columns(KEY) if KEY in table.column_names else table)
    layer = engine.score(sites, threads=cores()).sites.to_arrow()
    rows = pc.index_in(
        layer.column("id").cast(pa.string()), value_set=table.column(job.sites.id).cast(pa.string()).combine_chunks()
    )
    own = {name: table.column(column).take(rows) for name, column in job.sites.own}
    columns = [
        (own[field.name] if field.name in own else layer.column(field.name)).cast(field.type)
        for field in job.sites.schema
    ]
    yield from pa.Table.from_arrays(columns, schema=job.sites.schema).to_batches()


def as_sent(table: pa.Table) -> pa.Table:
    """Rows of Spark as the reader would find them in Parquet: moments in UTC."""
    return table.cast(utc(table.schema))
