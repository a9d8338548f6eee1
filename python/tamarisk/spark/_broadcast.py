"""The broadcast plan: every executor has all incidents, and sites stay where they are or are grouped into wholes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._columns import arrow_schema_of, key_of
from ._estimate import BATCH
from ._findings import set_aside as counted
from ._question import READING, Question
from ._run import on_executors
from ._ship import gather
from ._worker import KEY, Job, SitesRead

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def scored(question: Question) -> DataFrame:
    """The scored rows. Incidents are gathered and sent now; sites are read when rows are asked for."""
    sites, incidents = question.sites, question.incidents
    sent = None if incidents is None else gather(incidents.frame, "incidents")
    options, receptors = question.shipped
    schema, own = question.result
    read = SitesRead(sites.columns.id, own, arrow_schema_of(schema))
    job = Job(question.fingerprint(sent), options, receptors, sent, read)
    return placed(question).mapInArrow(on_executors("_worker.broadcast", job), schema)


def set_aside(question: Question) -> tuple[int, int]:
    """How many sites and incidents cannot be used."""
    reading = {name: value for name, value in question.shipped[0].items() if name in READING}
    roles = ((question.sites, "sites"), (question.incidents, "incidents"))
    sites, incidents = (0 if of is None else counted(of.frame, role, reading) for of, role in roles)
    return sites, incidents


def placed(question: Question) -> DataFrame:
    """The sites with their parts in one partition, one after the other, and work for every task slot."""
    sites, slots = question.sites, question.cluster.slots
    partitions = max(slots, -(-sites.rows // BATCH))
    if sites.columns.group is None:
        enough = sites.frame.rdd.getNumPartitions() >= slots
        return sites.frame if enough else sites.frame.repartition(partitions)
    keyed = sites.frame.withColumn(KEY, key_of(sites.columns))
    return keyed.repartition(partitions, KEY).sortWithinPartitions(KEY, sites.columns.id)
