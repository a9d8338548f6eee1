"""Which plan, and why: chosen by counts, memory and bytes, and said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamarisk import UsageError

from . import _broadcast
from ._estimate import (
    RATES,
    Cluster,
    broadcast_memory,
    broadcast_seconds,
    halo_memory,
    halo_seconds,
    halo_shuffled,
    most_broadcast,
    size,
)
from ._question import Question

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from ._halo import Halo

PLANS = ("auto", "broadcast", "halo")


@dataclass(frozen=True)
class Plan:
    """A plan that fits."""

    name: str
    text: str
    run: Callable[[], DataFrame]


def chosen(question: Question, name: str) -> Plan:
    """The plan of a name, or for `auto` broadcast where it fits in memory, and else halo.

    Raises `UsageError` if the plan does not fit, saying what would.
    """
    if name not in PLANS:
        raise UsageError(f"there is no plan {name!r}", hint=f"plans: {', '.join(PLANS)}")
    cluster = question.cluster
    needed = broadcast_memory(question.incident_rows, cluster.workers)
    fits = needed <= cluster.room
    if name == "broadcast" and not fits:
        raise UsageError(
            f"the plan broadcast needs {size(needed)} for Python on each executor, and there are {size(cluster.room)}: "
            f"{question.incident_rows:,} incidents of {RATES.incident:.0f} bytes in {each(cluster.workers)}",
            hint=f'{would_fit(cluster, needed)}; or plan="halo", where each executor has a part of the incidents',
        )
    if name == "broadcast" or (name == "auto" and fits):
        why = "as asked" if name == "broadcast" else "all incidents fit on each executor"
        text = [counts(question, *_broadcast.set_aside(question)), of_broadcast(question, needed)]
        return Plan("broadcast", "\n".join([f"plan: broadcast, {why}", *text]), lambda: _broadcast.scored(question))
    return with_halo(question, "as asked" if name == "halo" else f"broadcast needs {size(needed)} on each executor")


def with_halo(question: Question, why: str) -> Plan:
    """The halo plan, if its largest engine fits."""
    from ._halo import Halo

    halo = Halo.of(question)
    cluster = question.cluster
    needed = halo_memory(halo.targets, cluster.workers)
    if needed > cluster.room:
        most = max(target.incidents for target in halo.targets)
        raise UsageError(
            f"no plan fits: the largest block needs {size(needed)} for Python on each executor, and there are "
            f"{size(cluster.room)}: {most:,} of {question.incident_rows:,} incidents are around its sites, in "
            f"{each(cluster.workers)}",
            hint=would_fit(cluster, needed),
        )
    text = [counts(question, halo.sites_set_aside, halo.incidents_set_aside), of_halo(question, halo, needed)]
    return Plan("halo", "\n".join([f"plan: halo, {why}", *text]), halo.scored)


def would_fit(cluster: Cluster, needed: int) -> str:
    """What to change so that a plan fits."""
    gibibytes = -(-needed >> 30)
    memory = (
        f"give Python {size(needed)} on each executor (spark.executor.memoryOverhead) and say so: "
        f'executor_memory="{gibibytes}g"'
    )
    if cluster.workers > 1:
        one = size(needed / cluster.workers)
        return f"{memory}; or set spark.task.cpus to the cores of an executor: its one process then needs {one}"
    return f"{memory}; in {size(cluster.room)} {most_broadcast(cluster.room, cluster.workers):,} incidents would fit"


def each(workers: int) -> str:
    """The processes of an executor, in words."""
    return "one process" if workers == 1 else f"each of {workers} processes"


def counts(question: Question, sites_aside: int, incidents_aside: int) -> str:
    """What there is."""
    cluster, sites, incidents = question.cluster, question.sites.rows, question.incident_rows
    why = "; findings() says why" if sites_aside + incidents_aside else ""
    return (
        f"  {sites:,} sites, {incidents:,} incidents; their ids are unique\n"
        f"  set aside: {sites_aside:,} of {sites:,} sites, {incidents_aside:,} of {incidents:,} incidents{why}\n"
        f"  {cluster.executors} executors, scoring in {each(cluster.workers)}; {size(cluster.room)} for Python on each"
    )


def of_broadcast(question: Question, memory: int) -> str:
    """The estimate of the broadcast plan."""
    cluster, rows = question.cluster, question.incident_rows
    sent = rows * RATES.sent
    parts = "; the parts of a site are brought together" if question.sites.columns.group else ""
    seconds = broadcast_seconds(question.sites.rows, rows, cluster.slots)
    return (
        f"  sent: about {size(sent)} of incidents to each executor, {size(sent * cluster.executors)} in all{parts}\n"
        f"  memory: about {size(memory)} on each executor\n"
        f"  time: about {seconds:,.0f} s of work for each of {cluster.slots} processes"
    )


def of_halo(question: Question, halo: Halo, memory: int) -> str:
    """The estimate of the halo plan, from where sites and incidents are."""
    blocks, rows, loads = halo.blocks, question.incident_rows, halo.loads
    copies = f"{blocks.copies / rows:.1f} copies of each incident" if rows else "no incidents"
    skew = max(loads) * len(loads) / sum(loads) if sum(loads) else 1.0
    engines = f"{len(blocks.targets):,} engines in {blocks.partitions:,} partitions"
    return (
        f"  {len(blocks.needs):,} blocks of {199 << blocks.level} km, {engines}; {copies}\n"
        f"  sent: about {size(halo_shuffled(blocks.targets))} between executors\n"
        f"  memory: about {size(memory)} on each executor\n"
        f"  time: about {halo_seconds(loads, question.cluster.slots):,.0f} s of work; the longest partition has "
        f"{skew:.1f} times the mean"
    )
