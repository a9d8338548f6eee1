"""What is asked: DataFrames, their columns, options and the cluster, looked at once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import tamarisk
from tamarisk import DataError, UsageError

from ._columns import Columns, as_read, text_of
from ._estimate import RATES, Cluster, Rates
from ._ship import ship_options, ship_receptors, size_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

#: Options that only reading needs.
READING = ("columns", "crs")


@dataclass(frozen=True)
class Role:
    """A DataFrame of sites or incidents."""

    frame: DataFrame
    columns: Columns
    rows: int


@dataclass(frozen=True)
class Question:
    """All that a plan needs to know."""

    spark: SparkSession
    sites: Role
    #: None if there are no incidents at all.
    incidents: Role | None
    #: As given.
    receptors: Any
    #: The keywords of an engine, as given and without those that are None.
    options: dict[str, Any]
    keep: list[str] | None
    cluster: Cluster
    _kept: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        sites: DataFrame,
        incidents: DataFrame | None,
        receptors: Any,
        options: dict[str, Any],
        keep: Sequence[str] | None,
        memory: Any,
    ) -> Question:
        """Looks at what is given, and counts it.

        Raises `UsageError` if columns or options do not fit, and `DataError` if ids are missing or occur twice.
        """
        spark = sites.sparkSession
        options = {name: str(v) if isinstance(v, date) else v for name, v in options.items() if v is not None}
        if "complete" in options:
            options["complete"] = list(options["complete"])
        of_role = lambda frame, role: counted(as_read(frame), role, options)  # noqa: E731
        return cls(
            spark,
            of_role(sites, "sites"),
            None if incidents is None else of_role(incidents, "incidents"),
            receptors,
            options,
            None if keep is None else list(keep),
            cluster_of(spark, memory),
        )

    @property
    def incident_rows(self) -> int:
        """The number of incidents."""
        return 0 if self.incidents is None else self.incidents.rows

    @cached_property
    def shipped(self) -> tuple[dict[str, Any], Any]:
        """Options and receptors with their files at the executors."""
        return ship_options(self.spark, self.options), ship_receptors(self.spark, self.receptors)

    @cached_property
    def rates(self) -> Rates:
        """What things cost with these receptors and polygons of coverage."""
        options, receptors = self.shipped
        return RATES.beside(size_of(receptors), size_of(options.get("coverage")))

    def fingerprint(self, *more: object) -> str:
        """Names this state of options, receptors and whatever else decides what an engine answers."""
        return hashlib.sha256(repr((self.shipped, more)).encode()).hexdigest()

    @cached_property
    def result(self) -> tuple[StructType, tuple[tuple[str, str], ...]]:
        """The schema of the scored rows, and the own columns in it: the layer `sites` of no sites at all, then own
        columns in their Spark types, then the geometry."""
        from pyspark.sql.pandas.types import from_arrow_type
        from pyspark.sql.types import BinaryType, StructField, StructType

        reading = {name: self.options[name] for name in ("scheme", *READING) if name in self.options}
        empty = self.sites.columns.schema.empty_table()
        layer = tamarisk.Engine(None, None, as_of="2000-01-01", **reading).score(empty).sites.to_arrow().schema
        fields = []
        for of in layer:
            if of.name == "geometry":
                continue
            # Spark has a name of its own for descriptions.
            kept = {b"description": "comment", b"decimals": "decimals"}
            told = {kept[key]: said.decode() for key, said in (of.metadata or {}).items() if key in kept}
            fields.append(StructField(of.name, from_arrow_type(of.type), of.name != "id", told))
        own = self.sites.columns.own([of.name for of in fields], self.keep)
        types = {of.name: of.dataType for of in self.sites.frame.schema.fields}
        fields += [StructField(name, types[source]) for name, source in own]
        fields.append(
            StructField(
                "geometry", BinaryType(), True, {"comment": "The place, as WKB in longitude and latitude (WGS84)"}
            )
        )
        return StructType(fields), tuple(own)


def counted(frame: DataFrame, role: str, options: dict[str, Any]) -> Role:
    """Counts records and compares their ids, in one pass."""
    from pyspark.sql import functions as F

    columns = Columns.of(frame, role, {name: options[name] for name in READING if name in options})
    ids = frame.groupBy(text_of(columns.id).alias("id")).count()
    nameless = F.coalesce(F.sum(F.when(F.isnull("id"), F.col("count"))), F.lit(0))
    most = F.coalesce(F.max(F.when(~F.isnull("id"), F.col("count"))), F.lit(0))
    rows, without, times = ids.agg(F.coalesce(F.sum("count"), F.lit(0)), nameless, most).first()
    if without:
        raise DataError(
            f"{without:,} of {rows:,} {role} have no id (column {columns.id})",
            hint="give every row an id: rows of Spark have no order to make ids from",
        )
    if times > 1:
        twice = ids.where((F.col("count") > 1) & ~F.isnull("id")).orderBy("id").limit(3).collect()
        named = ", ".join(f"{row[0]} ({row[1]:,} times)" for row in twice)
        raise DataError(
            f"ids of the {role} occur twice (column {columns.id}): {named}",
            hint="drop the repeated rows, with dropDuplicates for instance: rows of Spark have no order by which one "
            "would be the first",
        )
    return Role(frame, columns, rows)


def cluster_of(spark: SparkSession, memory: Any) -> Cluster:
    """The executors of a session, and the memory that Python may use on each."""
    context = spark.sparkContext
    said = context.getConf()
    is_local = context.master.startswith("local") and not context.master.startswith("local-cluster")
    listed = context._jsc.sc().statusStore().executorList(True)
    cores = [one.totalCores() for one in map(listed.apply, range(listed.size())) if one.id() != "driver"]
    executors = max(len(cores), int(said.get("spark.dynamicAllocation.maxExecutors", "0")), 1)
    each = context.defaultParallelism if is_local else max([*cores, int(said.get("spark.executor.cores", "1"))])
    workers = max(1, each // int(said.get("spark.task.cpus", "1")))
    if memory is not None:
        return Cluster(executors, workers, bytes_of(memory, "executor_memory"))
    if is_local:
        return Cluster(executors, workers, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2)
    # What is set aside for Python, or else as much as for the JVM.
    for name in ("spark.executor.pyspark.memory", "spark.executor.memoryOverhead", "spark.executor.memory"):
        if (size := said.get(name)) is not None:
            return Cluster(executors, workers, bytes_of(size, name))
    return Cluster(executors, workers, 1 << 30)


def bytes_of(size: Any, name: str) -> int:
    """A number of bytes, or a size as Spark writes it: `64g`, `512m`, and MiB without a unit."""
    if isinstance(size, int):
        return size
    text = str(size).strip().lower().removesuffix("b").removesuffix("i")
    units = {"k": 10, "m": 20, "g": 30, "t": 40}
    digits, shift = (text[:-1], units[text[-1]]) if text and text[-1] in units else (text, 20)
    try:
        return int(float(digits) * (1 << shift))
    except ValueError:
        raise UsageError(
            f"{name} is no size: {size!r}", hint='give bytes as a number, or a text such as "64g"'
        ) from None
