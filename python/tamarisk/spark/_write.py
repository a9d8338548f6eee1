"""Writes scored rows: GeoParquet from the executors, or one GeoJSON file on the driver."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as parquet

from tamarisk import UsageError, _tamarisk

from ._columns import arrow_schema_of
from ._geo import BBOX, boxes, geo_key
from ._run import on_executors
from ._worker import lots

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

#: Rows of a row group.
ROWS = 100_000


def write(df: DataFrame, path: str | os.PathLike[str]) -> None:
    """Writes scored rows, as `score` gives them.

    A path that ends in `.geojson` becomes one file on the driver, which holds all rows meanwhile: the bytes of
    `sites.geojson`. Any other is a folder of GeoParquet 1.1 files, one for each partition, which the executors write:
    a path that all of them and the driver share, or a URI (`hdfs://`, `s3://`, `gs://`). Each file has the key `geo`,
    with its reference system and box, and the covering column `bbox`. There must be nothing at the path.

    Raises `UsageError` if the rows are not scored sites or the path is taken.
    """
    fields = df.schema.fields
    if (
        not fields
        or fields[0].name != "id"
        or fields[-1].name != "geometry"
        or fields[-1].dataType.typeName() != "binary"
    ):
        raise UsageError(
            "the rows are not scored sites: the first column is not id, or the last not geometry as WKB",
            hint="write what score() gives; to choose columns, do it with keep= or after reading",
        )
    if os.fspath(path).endswith(".geojson"):
        write_geojson(df, os.fspath(path))
    else:
        write_folder(df, os.fspath(path))


def write_geojson(df: DataFrame, path: str) -> None:
    """Writes one file on the driver."""
    schema = arrow_schema_of(df.schema)
    packed = df.orderBy("id").mapInArrow(on_executors("_worker.packed", schema), "parquet binary")
    files = [parquet.read_table(pa.BufferReader(bytes(row.parquet))) for row in packed.toLocalIterator()]
    table = pa.concat_tables(files) if files else schema.empty_table()
    _tamarisk._layer(with_decimals(table, df.schema), "sites").write(path, False)


def with_decimals(table: pa.Table, schema: StructType) -> pa.Table:
    """A table whose columns tell again how many decimals their numbers have at most, by which counts are integers."""
    told = {of.name: of.metadata["decimals"] for of in schema.fields if "decimals" in of.metadata}
    fields = [of.with_metadata({"decimals": told[of.name]}) if of.name in told else of for of in table.schema]
    return table.cast(pa.schema(fields))


def write_folder(df: DataFrame, path: str) -> None:
    """Lets every executor write its partitions, and removes what a task that was killed left."""
    system, folder = (
        pyarrow.fs.FileSystem.from_uri(path) if "://" in path else (pyarrow.fs.LocalFileSystem(), os.path.abspath(path))
    )
    found = system.get_file_info(folder)
    if found.type == pyarrow.fs.FileType.File or (
        found.type == pyarrow.fs.FileType.Directory and names_in(system, folder)
    ):
        raise UsageError(f"there is something at {path} already", hint="name a path where there is nothing")
    system.create_dir(folder, recursive=True)
    job = (path if "://" in path else folder, arrow_schema_of(df.schema))
    parts = df.mapInArrow(on_executors("_write.part", job), "name string, rows bigint").collect()
    written, kept = names_in(system, folder), {row.name for row in parts}
    if lost := sorted(kept - written):
        raise UsageError(
            f"{len(lost)} of {len(kept)} files that executors wrote are not at {path} on the driver: {lost[0]}",
            hint="name a path that all executors and the driver share",
        )
    for name in written - kept:
        system.delete_file(f"{folder}/{name}")
    with system.open_output_stream(f"{folder}/_SUCCESS"):
        pass


def names_in(system: pyarrow.fs.FileSystem, folder: str) -> set[str]:
    """The names of the files in a folder."""
    return {info.base_name for info in system.get_file_info(pyarrow.fs.FileSelector(folder))}


def part(job: tuple[str, pa.Schema], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Writes the rows of a partition to a file of its own; none for no rows."""
    from pyspark import TaskContext

    path, schema = job
    system, folder = pyarrow.fs.FileSystem.from_uri(path) if "://" in path else (pyarrow.fs.LocalFileSystem(), path)
    context = TaskContext.get()
    # A second attempt at the partition writes another file; the driver keeps that of the one that counts.
    name = f"part-{context.partitionId() if context else 0:05}-{uuid.uuid4().hex[:12]}.parquet"
    writer: Any = None
    rows, whole = 0, None
    schema = schema.append(BBOX)
    try:
        for table in lots(batches, ROWS):
            box, around = boxes(table.column("geometry").combine_chunks())
            whole = around if whole is None else united(whole, around)
            table = pa.Table.from_arrays([*table.columns, box], schema=schema)
            if writer is None:
                writer = parquet.ParquetWriter(
                    f"{folder}/{name}", schema, filesystem=system, compression="zstd", store_schema=True
                )
            writer.write_table(table, row_group_size=ROWS)
            rows += len(table)
        if writer is not None:
            writer.add_key_value_metadata({"geo": json.dumps(geo_key(whole))})
    finally:
        if writer is not None:
            writer.close()
    if rows:
        yield pa.RecordBatch.from_pydict({"name": [name], "rows": [rows]})


def united(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    """The box around two boxes."""
    return (*map(min, one[:2], other[:2]), *map(max, one[2:], other[2:]))
