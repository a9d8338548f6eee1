"""Files that every executor gets once: incidents, receptors, schemes and maps."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ._run import on_executors

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Shipped:
    """A file of the driver as executors find it.

    It keeps its name, since ids and messages may hold it, within a folder named for its content.
    """

    #: Its name among all files of the session.
    sent: str
    #: Its own name.
    name: str
    #: A layer, sheet or member after it: `:LAYER`.
    layer: str = ""
    size: int = 0

    def path(self) -> str:
        """Where it is on this executor."""
        from pyspark import SparkFiles

        at = Path(SparkFiles.get(self.sent))
        link = at.parent / f"{self.sent}.d" / self.name
        link.parent.mkdir(exist_ok=True)
        # It may be there from another worker of this executor, or an earlier task of this one.
        with contextlib.suppress(FileExistsError):
            link.symlink_to(at)
        return f"{link}{self.layer}"


#: The files of each session that its executors ask the driver for, as long as it lives.
_folders: weakref.WeakKeyDictionary[Any, Path] = weakref.WeakKeyDictionary()


def folder_of(context: Any) -> Path:
    """The folder of a session's files, removed with it."""
    if context not in _folders:
        _folders[context] = Path(tempfile.mkdtemp(prefix="tamarisk-"))
        weakref.finalize(context, shutil.rmtree, _folders[context], ignore_errors=True)
    return _folders[context]


def ship(spark: SparkSession, path: Path, layer: str = "") -> Shipped:
    """Gives a file of the driver to all executors: once, however often a file of the same name and content is
    shipped."""
    with path.open("rb") as file:
        sent = f"tamarisk-{digest_of(file)}-{path.name}"
    # Spark takes the name of the file itself, so the name with the digest is a link or a copy.
    named = folder_of(spark.sparkContext) / sent
    if not named.exists():
        try:
            os.link(path, named)
        except OSError:
            shutil.copyfile(path, named)
        spark.sparkContext.addFile(str(named))
    return Shipped(sent, path.name, layer, named.stat().st_size)


def digest_of(file: BinaryIO) -> str:
    """Names the content of a file."""
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()[:24]


def ship_options(spark: SparkSession, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with every file that they name shipped: a scheme, a column map, polygons of coverage."""
    return {name: ship_path(spark, value) for name, value in options.items()}


def ship_path(spark: SparkSession, value: Any) -> Any:
    """A path, or FILE:LAYER, of a file that exists, shipped; anything else as it is."""
    if not isinstance(value, str | os.PathLike):
        return value
    text = os.fspath(value)
    for path, layer in ((text, ""), *((text[:at], text[at:]) for at in [text.rfind(":")] if at > 1)):
        if os.path.isfile(path):
            return ship(spark, Path(path), layer)
    return value


def ship_receptors(spark: SparkSession, receptors: Any) -> Any:
    """Receptors as executors take them: DataFrames gathered, files shipped, in the same mapping or list."""
    from pyspark.sql import DataFrame

    if isinstance(receptors, Mapping):
        return {kind: ship_receptors(spark, source) for kind, source in receptors.items()}
    if isinstance(receptors, list | tuple):
        return [ship_receptors(spark, source) for source in receptors]
    if isinstance(receptors, DataFrame):
        return gather(receptors, "receptors")
    return ship_path(spark, receptors)


def arrived(value: Any) -> Any:
    """On an executor: the value with every shipped file as the path where it is."""
    if isinstance(value, Shipped):
        return value.path()
    if isinstance(value, Mapping):
        return {key: arrived(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [arrived(one) for one in value]
    return value


def size_of(value: Any) -> int:
    """Bytes of all shipped files in a value."""
    if isinstance(value, Shipped):
        return value.size
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return 0
    return sum(size_of(one) for one in value)


def gather(frame: DataFrame, name: str) -> Shipped:
    """Gathers a DataFrame into one Parquet file on the driver, a partition at a time, and ships it."""
    import pyarrow.parquet as parquet

    from ._columns import arrow_schema, as_read

    frame = as_read(frame)
    schema = arrow_schema(frame)
    packed = frame.mapInArrow(on_executors("_worker.packed", schema), "parquet binary")
    folder = Path(tempfile.mkdtemp(prefix="tamarisk-"))
    try:
        path = folder / f"{name}.parquet"
        with parquet.ParquetWriter(path, utc(schema), compression="zstd") as writer:
            for row in packed.toLocalIterator(prefetchPartitions=True):
                for table in unpacked(bytes(row.parquet)):
                    writer.write_table(table)
        return ship(frame.sparkSession, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unpacked(blob: bytes) -> Iterator[pa.Table]:
    """The row groups of a Parquet file in memory."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    file = parquet.ParquetFile(pa.BufferReader(blob))
    for group in range(file.num_row_groups):
        yield file.read_row_group(group)


def utc(schema: pa.Schema) -> pa.Schema:
    """The schema with moments in UTC, as Spark writes them to Parquet, whatever the zone of the session."""
    import pyarrow as pa

    def kind(of: pa.DataType) -> pa.DataType:
        return pa.timestamp(of.unit, "UTC") if pa.types.is_timestamp(of) and of.tz else of

    return pa.schema([pa.field(field.name, kind(field.type)) for field in schema])
