"""What the halo plan runs on executors: cubes of rows, copies of incidents, and an engine for each block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import tamarisk
from tamarisk import _tamarisk

from ._errors import message_first
from ._ship import arrived
from ._worker import KEY, Job, as_sent, cores, engine_of, lots, whole_sites
from ._worker import scored as scored_rows

#: Rows whose cubes are asked for at once.
ROWS = 1 << 16


def located(table: pa.Table, role: str, options: dict[str, Any]) -> tuple[pa.ListArray, bytes, int]:
    """The cubes of each row, the summary of the rows, and how many are set aside."""
    cubes, summary, findings = _tamarisk._located(table, role, options)
    aside = sum(tamarisk.Finding(*told).verdict == "set aside" for told in findings)
    return pa.array(cubes, pa.list_(pa.int32())), summary, aside


def summed(options: dict[str, Any], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """A summary of the incidents of a partition."""
    options = arrived(options)
    summaries, aside, met = [], 0, []
    with message_first():
        for table in lots(batches, ROWS):
            cubes, summary, lost = located(as_sent(table), "incidents", options)
            summaries.append(summary)
            aside += lost
            met.append(cubes.flatten())
        if not summaries:
            return
        counts = pc.value_counts(pa.chunked_array(met).combine_chunks())
        row = {
            "summary": pa.array([_tamarisk._merged(summaries)], pa.binary()),
            "set_aside": pa.array([aside], pa.int64()),
            "cubes": pa.array([counts.field("values").to_pylist()], pa.list_(pa.int32())),
            "counts": pa.array([counts.field("counts").to_pylist()], pa.list_(pa.int64())),
        }
        yield pa.RecordBatch.from_pydict(row)


def placed(options: dict[str, Any], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The sites of a partition with the cubes that they touch."""
    options = arrived(options)
    with message_first():
        for table in lots(batches, ROWS):
            cubes, _, _ = located(as_sent(table.drop_columns(KEY)), "sites", options)
            yield from table.append_column("cubes", cubes).to_batches()


def surveyed(options: dict[str, Any], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The keys of the sites of a partition with the cubes that they touch, and a last row with their summary."""
    options = arrived(options)
    summaries = []
    schema = pa.schema({"key": pa.string(), "cubes": pa.list_(pa.int32()), "summary": pa.binary()})
    with message_first():
        for table in lots(batches, ROWS):
            cubes, summary, _ = located(as_sent(table.drop_columns(KEY)), "sites", options)
            summaries.append(summary)
            keys = table.column(KEY).combine_chunks()
            yield pa.RecordBatch.from_arrays([keys, cubes, pa.nulls(len(table), pa.binary())], schema=schema)
        if summaries:
            last = {"key": None, "cubes": None, "summary": _tamarisk._merged(summaries)}
            yield pa.RecordBatch.from_pylist([last], schema=schema)


def spread(job: Any, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The incidents of a partition, once for each target that needs one of their cubes."""
    options, known, targets, parts = job
    options = arrived(options)
    with message_first():
        for table in lots(batches, ROWS):
            cubes, _, _ = located(as_sent(table), "incidents", options)
            row, target = pairs(cubes, known, targets)
            copies = table.take(row).append_column("target", target).append_column("part", parts.take(target))
            yield from copies.to_batches(max_chunksize=ROWS)


def pairs(cubes: pa.ListArray, known: pa.Array, targets: pa.ListArray) -> tuple[pa.Array, pa.Array]:
    """(row, target) once for each target that needs a cube of the row."""
    row = pc.list_parent_indices(cubes)
    lists = targets.take(pc.index_in(cubes.flatten(), value_set=known))
    row, target = row.take(pc.list_parent_indices(lists)), lists.flatten()
    if pc.max(pc.list_value_length(cubes)).as_py() in (None, 0, 1):
        return row, target
    # A row in several cubes may be needed by a target for more than one of them.
    both = pc.unique(pc.bit_wise_or(pc.shift_left(row.cast(pa.int64()), 32), target.cast(pa.int64())))
    return pc.shift_right(both, 32), pc.bit_wise_and(both, 0xFFFFFFFF).cast(pa.int32())


def scored(job: Job, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Scores the sites of each target of a partition. Rows come in the order of targets, the incidents of each before
    its sites."""
    with message_first():
        runs = Runs(batches)
        while (target := runs.target) is not None:
            # What a target holds goes before the next one comes.
            yield from scored_target(job, runs, target)


def scored_target(job: Job, runs: Runs, target: int) -> Iterator[pa.RecordBatch]:
    """Scores the sites of the next target with an engine of its incidents."""
    incidents = pa.Table.from_batches(list(runs.take(target, 0))) if runs.role == 0 else None
    sites = whole_sites(runs.take(target, 1))
    if (table := next(sites, None)) is None:
        return
    engine = engine_of(job)._part(incidents_of(job, incidents), job.summary, cores())
    del incidents
    while table is not None:
        yield from scored_rows(job, engine, table)
        table = next(sites, None)


def incidents_of(job: Job, incidents: pa.Table | None) -> pa.Table | None:
    """The incidents of a target; a table of no rows where none are near, so that there is a source all the same."""
    if job.incident_schema is None:
        return None
    return as_sent(job.incident_schema.empty_table() if incidents is None else incidents)


class Runs:
    """Rows of a partition, cut where the target or the role changes."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._batches = iter(batches)
        self._rest: pa.RecordBatch | None = None
        self._next()

    def _next(self) -> None:
        """Makes the next row the first of the rest, unless there is one."""
        while self._rest is None or not len(self._rest):
            self._rest = next(self._batches, None)
            if self._rest is None:
                return

    @property
    def target(self) -> int | None:
        """The target of the next row; None at the end."""
        return None if self._rest is None else self._rest.column("target")[0].as_py()

    @property
    def role(self) -> int | None:
        """The role of the next row: 0 an incident, 1 a site."""
        return None if self._rest is None else self._rest.column("role")[0].as_py()

    def take(self, target: int, role: int) -> Iterator[pa.RecordBatch]:
        """The rows of a target and a role that come next, with their own columns; sites also have their keys."""
        while (self.target, self.role) == (target, role):
            batch = self._rest
            same = pc.and_(pc.equal(batch.column("target"), target), pc.equal(batch.column("role"), role))
            end = pc.index(same, False).as_py()
            end = len(batch) if end < 0 else end
            rows = batch.slice(0, end)
            self._rest = batch.slice(end)
            self._next()
            packed = rows.column("site" if role else "incident")
            names = [of.name for of in packed.type]
            columns = packed.flatten()
            if role:
                names, columns = [*names, KEY], [*columns, rows.column("key")]
            yield pa.RecordBatch.from_arrays(columns, names=names)
