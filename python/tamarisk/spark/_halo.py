"""The halo plan: space is cut into fixed cubes, and every block of cubes gets the incidents that its sites need."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa

from tamarisk import _tamarisk

from ._blocks import EVERYWHERE, Blocks, balanced, blocks_of, stands_for
from ._columns import arrow_schema_of, column, key_of
from ._estimate import Target
from ._question import Question
from ._run import on_executors
from ._worker import KEY, Job, SitesRead

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: Beside the columns of the sites: the cubes that a site touches, empty if it is set aside.
CUBES = "_tamarisk_cubes"


@dataclass(frozen=True)
class Halo:
    """Where the sites and incidents of a question are, and what each block needs."""

    question: Question
    #: Of all incidents.
    summary: bytes
    #: The day as of which all engines score.
    as_of: str | None
    incidents_set_aside: int
    sites_set_aside: int
    blocks: Blocks

    @classmethod
    def of(cls, question: Question) -> Halo:
        """Locates all incidents and sites, in a pass over each."""
        summary, counts, incidents_aside = located_incidents(question)
        places, of_sites, sites_aside = located_sites(question)
        options = question.options
        as_of = options.get("as_of") or _tamarisk._as_of(summary)
        if as_of is not None:
            options = {**options, "as_of": as_of}
        needs = _tamarisk._neighbors(summary, of_sites, options)
        blocks = blocks_of(places, needs, counts, question.cluster, question.rates)
        return cls(question, summary, as_of, incidents_aside, sites_aside, blocks)

    @property
    def targets(self) -> list[Target]:
        """The engines."""
        return self.blocks.targets

    @cached_property
    def partitions(self) -> list[int]:
        """The partition of each target, so that all partitions have about the same work."""
        return balanced([target.seconds(self.question.rates) for target in self.targets], self.blocks.partitions)

    @property
    def loads(self) -> list[float]:
        """Seconds of work of each partition."""
        loads = [0.0] * self.blocks.partitions
        for target, at in zip(self.targets, self.partitions, strict=True):
            loads[at] += target.seconds(self.question.rates)
        return loads

    def scored(self) -> DataFrame:
        """The scored rows, computed when they are asked for."""
        from pyspark.sql import functions as F

        question = self.question
        options, receptors = question.shipped
        schema, own = question.result
        read = SitesRead(question.sites.columns.id, own, arrow_schema_of(schema))
        incident_schema = None if question.incidents is None else question.incidents.columns.schema
        if self.as_of is not None:
            options = {**options, "as_of": self.as_of}
        job = Job(question.fingerprint(options), options, receptors, None, read, self.summary, incident_schema)
        sites = self.sites()
        incidents = self.incidents()
        kind = next(field.dataType for field in sites.schema.fields if field.name == "site")
        if incidents is None:
            rows = sites.withColumn("incident", F.lit(None).cast("struct<none:int>"))
        else:
            other = next(field.dataType for field in incidents.schema.fields if field.name == "incident")
            rows = sites.withColumn("incident", F.lit(None).cast(other)).unionByName(
                incidents.withColumn("site", F.lit(None).cast(kind))
            )
        rows = rows.repartition(self.blocks.partitions, "part").sortWithinPartitions("target", "role", "key", "id")
        return rows.mapInArrow(on_executors("_halo_worker.scored", job), schema)

    def sites(self) -> DataFrame:
        """The sites with their target: that of their block, or by their key one of several."""
        from pyspark.sql import Window
        from pyspark.sql import functions as F

        question = self.question
        columns = question.sites.columns
        home = F.array_min(CUBES)
        if columns.group is not None:
            # The parts of a site go where the first of their cubes is.
            home = F.min(home).over(Window.partitionBy(KEY))
        placed = with_cubes(question).where(F.size(CUBES) > 0)
        placed = placed.withColumn("block", F.shiftright(home, 3 * self.blocks.level))
        stand = stands_for(self.blocks.partitions)
        of_block: dict[int, list[dict[str, int]]] = defaultdict(list)
        for number, (target, at) in enumerate(zip(self.targets, self.partitions, strict=True)):
            of_block[target.block].append({"part": stand[at], "target": number})
        # As a text, since rows made from Python objects need workers of their own.
        listed = json.dumps([{"block": block, "ends": ends} for block, ends in of_block.items()])
        kind = "array<struct<block:int,ends:array<struct<part:int,target:int>>>>"
        ends = question.spark.range(1).select(F.inline(F.from_json(F.lit(listed), kind)))
        chosen = F.element_at("ends", (F.pmod(F.xxhash64(KEY), F.size("ends")) + 1).cast("int"))
        site = F.struct(*[column(name) for name in columns.schema.names]).alias("site")
        key, own_id = F.col(KEY).alias("key"), column(columns.id).cast("string").alias("id")
        rows = placed.join(F.broadcast(ends), "block").withColumn("end", chosen)
        return rows.select("end.part", "end.target", F.lit(1).alias("role"), key, own_id, site)

    def incidents(self) -> DataFrame | None:
        """The incidents, one row for each target that needs them."""
        from pyspark.sql import functions as F
        from pyspark.sql.types import IntegerType, StructField, StructType

        question = self.question
        if question.incidents is None:
            return None
        frame, columns = question.incidents.frame, question.incidents.columns
        stand = stands_for(self.blocks.partitions)
        needed: dict[int, list[int]] = {EVERYWHERE: list(range(len(self.targets)))}
        for number, target in enumerate(self.targets):
            for cube in self.blocks.needs[target.block]:
                needed.setdefault(cube, []).append(number)
        cubes = sorted(needed)
        job = (
            reading(question),
            pa.array(cubes, pa.int32()),
            pa.array([needed[cube] for cube in cubes], pa.list_(pa.int32())),
            pa.array([stand[at] for at in self.partitions], pa.int32()),
        )
        ends = [StructField(name, IntegerType()) for name in ("_tamarisk_target", "_tamarisk_part")]
        schema = StructType([*frame.schema.fields, *ends])
        spread = frame.mapInArrow(on_executors("_halo_worker.spread", job), schema)
        nothing = F.lit(None).cast("string")
        return spread.select(
            F.col("_tamarisk_part").alias("part"),
            F.col("_tamarisk_target").alias("target"),
            F.lit(0).alias("role"),
            nothing.alias("key"),
            nothing.alias("id"),
            F.struct(*[column(name) for name in columns.schema.names]).alias("incident"),
        )


def reading(question: Question) -> dict[str, object]:
    """The options of an engine, with files at the executors."""
    return question.shipped[0]


def located_incidents(question: Question) -> tuple[bytes, dict[int, int], int]:
    """The summary of all incidents, how many touch each cube, and how many are set aside."""
    counts: dict[int, int] = defaultdict(int)
    summaries, aside = [], 0
    if question.incidents is not None:
        frame, columns = question.incidents.frame, question.incidents.columns
        schema = "summary binary, set_aside bigint, cubes array<int>, counts array<bigint>"
        rows = frame.mapInArrow(on_executors("_halo_worker.summed", reading(question)), schema)
        for row in rows.collect():
            summaries.append(bytes(row.summary))
            aside += row.set_aside
            for cube, count in zip(row.cubes, row.counts, strict=True):
                counts[cube] += count
        if not summaries:
            empty = columns.schema.empty_table()
            summaries.append(_tamarisk._located(empty, "incidents", question.options)[1])
    return _tamarisk._merged(summaries), dict(counts), aside


def located_sites(question: Question) -> tuple[dict[tuple[int, ...], int], bytes, int]:
    """How many sites touch each set of cubes, all parts of a site together, their summary, and how many are set
    aside."""
    from pyspark.sql import functions as F

    columns = question.sites.columns
    keyed = question.sites.frame.withColumn(KEY, key_of(columns))
    work = on_executors("_halo_worker.surveyed", reading(question))
    rows = keyed.mapInArrow(work, "key string, cubes array<int>, summary binary")
    # The rows of summaries have no key and no cubes.
    is_site, is_aside = F.col("cubes").isNotNull().cast("int"), (F.size("cubes") == 0).cast("int")
    if columns.group is not None:
        together = F.array_sort(F.array_distinct(F.flatten(F.collect_list("cubes"))))
        summed = [
            F.sum(is_site).alias("rows"),
            F.sum(is_aside).alias("aside"),
            F.collect_list("summary").alias("summaries"),
        ]
        rows = rows.groupBy("key").agg(together.alias("cubes"), *summed)
    else:
        rows = rows.select(
            "cubes", is_site.alias("rows"), is_aside.alias("aside"), F.array("summary").alias("summaries")
        )
    summaries = F.flatten(F.collect_list(F.filter("summaries", lambda one: one.isNotNull())))
    found = (
        rows.groupBy("cubes")
        .agg(F.sum("rows").alias("rows"), F.sum("aside").alias("aside"), summaries.alias("all"))
        .collect()
    )
    merged = [bytes(one) for row in found for one in row["all"]]
    if not merged:
        merged.append(_tamarisk._located(columns.schema.empty_table(), "sites", question.options)[1])
    places = {tuple(row.cubes): row.rows - (row.aside or 0) for row in found if row.cubes}
    return places, _tamarisk._merged(merged), sum(row.aside or 0 for row in found)


def with_cubes(question: Question) -> DataFrame:
    """The sites with their keys and the cubes that they touch."""
    from pyspark.sql.types import ArrayType, IntegerType, StructField, StructType

    frame, columns = question.sites.frame, question.sites.columns
    keyed = frame.withColumn(KEY, key_of(columns))
    schema = StructType([*keyed.schema.fields, StructField(CUBES, ArrayType(IntegerType()))])
    return keyed.mapInArrow(on_executors("_halo_worker.placed", reading(question)), schema)
