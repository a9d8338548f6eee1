"""Which plan, and why: chosen by counts, memory and bytes, and said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamarisk import UsageError

from . import _broadcast
from ._estimate import (
    RATES,
    Costs,
    broadcast_costs,
    halo_costs,
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
    costs: Costs
    run: Callable[[], DataFrame]


def chosen(question: Question, name: str) -> Plan:
    """The plan of a name, or for `auto` broadcast where it fits in memory, and else halo.

    Raises `UsageError` if the plan does not fit, saying what would.
    """
    if name not in PLANS:
        raise UsageError(f"there is no plan {name!r}", hint=f"plans: {', '.join(PLANS)}")
    cluster = question.cluster
    costs = broadcast_costs(question.sites.rows, question.incident_rows, cluster, question.rates)
    needed = costs.memory
    fits = needed <= cluster.room
    if name == "broadcast" and not fits:
        raise UsageError(
            f"the plan broadcast needs {size(needed)} for Python on each executor, and there are {size(cluster.room)}: "
            f"{question.incident_rows:,} incidents of {RATES.incident:.0f} bytes in {each(cluster.workers)}",
            hint=f'{would_fit(question, needed)}; or plan="halo", where each executor has a part of the incidents',
        )
    if name == "broadcast" or (name == "auto" and fits):
        why = "as asked" if name == "broadcast" else "all incidents fit on each executor"
        text = [counts(question, *_broadcast.set_aside(question)), of_broadcast(question, costs)]
        run = lambda: _broadcast.scored(question)  # noqa: E731
        return Plan("broadcast", "\n".join([f"plan: broadcast, {why}", *text]), costs, run)
    return with_halo(question, "as asked" if name == "halo" else f"broadcast needs {size(needed)} on each executor")


def with_halo(question: Question, why: str) -> Plan:
    """The halo plan, if its largest engine fits."""
    from ._halo import Halo

    halo = Halo.of(question)
    cluster = question.cluster
    costs = halo_costs(question.sites.rows, question.incident_rows, halo.targets, halo.loads, cluster, question.rates)
    needed = costs.memory
    if needed > cluster.room:
        most = max(target.incidents for target in halo.targets)
        raise UsageError(
            f"no plan fits: the largest block needs {size(needed)} for Python on each executor, and there are "
            f"{size(cluster.room)}: {most:,} of {question.incident_rows:,} incidents are around its sites, in "
            f"{each(cluster.workers)}",
            hint=would_fit(question, needed),
        )
    text = [counts(question, halo.sites_set_aside, halo.incidents_set_aside), of_halo(question, halo, costs)]
    return Plan("halo", "\n".join([f"plan: halo, {why}", *text]), costs, halo.scored)


def would_fit(question: Question, needed: int) -> str:
    """What to change so that a plan fits."""
    cluster = question.cluster
    gibibytes = -(-needed >> 30)
    memory = (
        f"give Python {size(needed)} on each executor (spark.executor.memoryOverhead) and say so: "
        f'executor_memory="{gibibytes}g"'
    )
    if cluster.workers > 1:
        one = size(needed / cluster.workers)
        return f"{memory}; or set spark.task.cpus to the cores of an executor: its one process then needs {one}"
    return f"{memory}; in {size(cluster.room)} {most_broadcast(cluster, question.rates):,} incidents would fit"


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


def of_broadcast(question: Question, costs: Costs) -> str:
    """The estimate of the broadcast plan."""
    each = size(costs.sent / question.cluster.executors)
    parts = "; the parts of a site are brought together" if question.sites.columns.group else ""
    return (
        f"  sent: about {each} of incidents to each executor, {size(costs.sent)} in all{parts}\n"
        f"{of_both(question, costs)}"
    )


def of_halo(question: Question, halo: Halo, costs: Costs) -> str:
    """The estimate of the halo plan, from where sites and incidents are."""
    blocks, rows, loads = halo.blocks, question.incident_rows, halo.loads
    copies = f"{blocks.copies / rows:.1f} copies of each incident" if rows else "no incidents"
    cut = "1 block" if len(blocks.needs) == 1 else f"{len(blocks.needs):,} blocks of {199 << blocks.level} km"
    skew = max(loads) * len(loads) / sum(loads) if sum(loads) else 1.0
    engines = f"{len(blocks.targets):,} engines in {blocks.partitions:,} partitions"
    return (
        f"  {cut}, {engines}; {copies}\n"
        f"  sent: about {size(costs.sent)} between executors\n"
        f"{of_both(question, costs)}; the longest partition has {skew:.1f} times the mean"
    )


def of_both(question: Question, costs: Costs) -> str:
    """Memory and time of either plan."""
    processes = each(question.cluster.slots)
    return (
        f"  memory: about {size(costs.memory)} on each executor\n"
        f"  work: about {costs.work:,.0f} s of processor time; {costs.seconds:,.0f} s where {processes} has a core"
    )
