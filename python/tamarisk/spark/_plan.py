"""Which plan, and why: chosen by counts, memory and bytes, and said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamarisk import UsageError

from . import _broadcast
from ._estimate import (
    RATES,
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
            f"{question.incident_rows:,} incidents of {RATES.incident:.0f} bytes in each of {processes(cluster.workers)}",
            hint=f"{would_fit(question)}; or plan=\"halo\", where each executor has a part of the incidents",
        )
    if name == "broadcast" or (name == "auto" and fits):
        why = "as asked" if name == "broadcast" else "all incidents fit on each executor"
        return Plan("broadcast", "\n".join([f"plan: broadcast, {why}", *counts(question), *of_broadcast(question)]), lambda: _broadcast.scored(question))
    return with_halo(question, "as asked" if name == "halo" else f"all incidents on each executor would need {size(needed)}")


def with_halo(question: Question, why: str) -> Plan:
    """The halo plan, if its largest engine fits."""
    from ._halo import Halo

    halo = Halo.of(question)
    cluster = question.cluster
    needed = halo_memory(halo.targets, cluster.workers)
    if needed > cluster.room:
        largest = max(halo.targets, key=lambda target: target.incidents)
        raise UsageError(
            f"no plan fits: the largest block needs {size(needed)} for Python on each executor, and there are "
            f"{size(cluster.room)}: {largest.incidents:,} of {question.incident_rows:,} incidents are around its sites, in each of "
            f"{processes(cluster.workers)}",
            hint=would_fit(question, needed),
        )
    return Plan("halo", "\n".join([f"plan: halo, {why}", *counts(question), *of_halo(question, halo)]), halo.scored)


def would_fit(question: Question, needed: int | None = None) -> str:
    """What to change so that a plan fits."""
    cluster = question.cluster
    needed = broadcast_memory(question.incident_rows, cluster.workers) if needed is None else needed
    ways = [f"give Python {size(needed)} an executor (spark.executor.memoryOverhead) and say so: executor_memory=\"{-(-needed >> 30)}g\""]
    if cluster.workers > 1:
        ways.append(f"or set spark.task.cpus to the cores of an executor: one process then needs {size(needed / cluster.workers)}")
    else:
        ways.append(f"{most_broadcast(cluster.room, cluster.workers):,} incidents would fit")
    return "; ".join(ways)


def processes(workers: int) -> str:
    """How many processes, in words."""
    return "one process" if workers == 1 else f"{workers} processes"


def counts(question: Question) -> list[str]:
    """What there is."""
    cluster = question.cluster
    return [
        f"  {question.sites.rows:,} sites, {question.incident_rows:,} incidents; their ids are unique",
        f"  {cluster.executors} executors with {processes(cluster.workers)} each; {size(cluster.room)} for Python on each",
    ]


def of_broadcast(question: Question) -> list[str]:
    """The estimate of the broadcast plan."""
    cluster, rows = question.cluster, question.incident_rows
    sent = rows * RATES.sent
    parts = "; the parts of a site are brought together" if question.sites.columns.group else ""
    return [
        f"  sent: about {size(sent)} of incidents to each executor, {size(sent * cluster.executors)} in all{parts}",
        f"  memory: about {size(broadcast_memory(rows, cluster.workers))} on each executor",
        f"  time: about {broadcast_seconds(question.sites.rows, rows, cluster.slots):,.0f} s of work for each of {cluster.slots} processes",
    ]


def of_halo(question: Question, halo: Halo) -> list[str]:
    """The estimate of the halo plan, from where sites and incidents are."""
    cluster, blocks, rows = question.cluster, halo.blocks, question.incident_rows
    loads = halo.loads
    copies = f"{blocks.copies / rows:.1f} copies of each incident" if rows else "no incidents"
    lines = [
        f"  {halo.sites_set_aside:,} sites and {halo.incidents_set_aside:,} incidents set aside; findings() says why",
        f"  {len(halo.blocks.needs):,} blocks of {199 << blocks.level} km, {len(blocks.targets):,} engines in {blocks.partitions:,} partitions; {copies}",
        f"  sent: about {size(halo_shuffled(blocks.targets))} between executors",
        f"  memory: about {size(halo_memory(blocks.targets, cluster.workers))} on each executor",
    ]
    if loads:
        skew = max(loads) / (sum(loads) / len(loads)) if sum(loads) else 1.0
        lines.append(
            f"  time: about {halo_seconds(loads, cluster.slots):,.0f} s of work; the longest partition has {skew:.1f} times the mean"
        )
    return lines
