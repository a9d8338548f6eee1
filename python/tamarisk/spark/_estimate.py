"""What a plan costs: bytes, memory and time from counts alone. Pure arithmetic, without Spark.

docs/SCALE.md states these formulas; `scripts/spark_scale.py` compares them with measured runs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rates:
    """Cost of single things, as measured (docs/SCALE.md).

    Bytes are those of memory unless named otherwise; times are of one core.
    """

    #: An incident in an engine, from its Parquet to the last answer.
    incident: float = 600.0
    #: A site of a batch, from Arrow to scored rows.
    site: float = 15_000.0
    #: A worker process before it holds anything.
    worker: float = 200e6
    #: An incident in the Parquet file that is sent.
    sent: float = 19.0
    #: An incident in a shuffle.
    shuffled_incident: float = 60.0
    #: A site in a shuffle.
    shuffled_site: float = 80.0
    #: Seconds to gather an incident into the file that is sent.
    pack_s: float = 3e-6
    #: Seconds to find the cubes of a row.
    locate_s: float = 10e-6
    #: Seconds to send a row to a block and sort it there.
    shuffle_s: float = 10e-6
    #: Seconds to make an engine and to score the first site, whatever it holds.
    engine_s: float = 0.03
    #: Seconds to read and index an incident.
    index_s: float = 5e-6
    #: Seconds to score a site.
    score_s: float = 190e-6


RATES = Rates()

#: Sites that are scored at once in a worker.
BATCH = 8_192


@dataclass(frozen=True)
class Cluster:
    """Where a plan runs."""

    executors: int
    #: Worker processes at once on an executor: its cores by `spark.task.cpus`.
    workers: int
    #: Bytes that Python may use on an executor.
    room: int

    @property
    def slots(self) -> int:
        """Tasks that run at once."""
        return self.executors * self.workers


@dataclass(frozen=True)
class Costs:
    """What a plan costs from its preparation to the last row."""

    #: Bytes that go to executors or between them.
    sent: float
    #: Bytes that the workers of an executor hold at the peak.
    memory: int
    #: Seconds of processor time of all executors together.
    work: float
    #: Seconds until the last process is done, if each has a core.
    seconds: float


def broadcast_memory(incidents: int, workers: int, rates: Rates = RATES) -> int:
    """Bytes that the workers of one executor hold at the peak when each has all incidents."""
    return int(workers * (rates.worker + incidents * rates.incident + BATCH * rates.site))


def most_broadcast(room: int, workers: int, rates: Rates = RATES) -> int:
    """The most incidents for which [broadcast_memory] fits."""
    return max(0, int((room / workers - rates.worker - BATCH * rates.site) / rates.incident))


@dataclass(frozen=True)
class Target:
    """What one engine of the halo plan serves: the sites of a block, or a share of them."""

    block: int
    sites: int
    #: Incidents of all cubes that these sites need.
    incidents: int

    def seconds(self, rates: Rates = RATES) -> float:
        """Work of one core."""
        return rates.engine_s + self.incidents * rates.index_s + self.sites * rates.score_s

    def memory(self, rates: Rates = RATES) -> float:
        """Bytes of the engine and of a batch."""
        batch = min(self.sites, BATCH) * rates.site
        return rates.worker + self.incidents * rates.incident + batch


def halo_memory(targets: Iterable[Target], workers: int, rates: Rates = RATES) -> int:
    """Bytes that the workers of one executor hold if each has the largest target."""
    return int(workers * max((target.memory(rates) for target in targets), default=rates.worker))


def halo_seconds(loads: Sequence[float], slots: int) -> float:
    """Seconds until partitions of these loads are done, each given to the slot that is free first."""
    free = [0.0] * max(slots, 1)
    for load in loads:
        heapq.heappush(free, heapq.heappop(free) + load)
    return max(free)


def broadcast_costs(sites: int, incidents: int, cluster: Cluster, rates: Rates = RATES) -> Costs:
    """The costs of the broadcast plan: every worker indexes all incidents, and scores its share of the sites."""
    shared = incidents * rates.pack_s + sites * rates.score_s
    index = rates.engine_s + incidents * rates.index_s
    return Costs(
        sent=incidents * rates.sent * cluster.executors,
        memory=broadcast_memory(incidents, cluster.workers, rates),
        work=shared + index * cluster.slots,
        seconds=shared / cluster.slots + index,
    )


def halo_costs(
    sites: int, incidents: int, targets: Sequence[Target], loads: Sequence[float], cluster: Cluster, rates: Rates = RATES
) -> Costs:
    """The costs of the halo plan: rows are located and sent, and each partition makes the engines of its targets."""
    copies = sum(target.incidents for target in targets)
    moving = (sites + incidents) * rates.locate_s + (sites + copies) * rates.shuffle_s
    return Costs(
        sent=copies * rates.shuffled_incident + sites * rates.shuffled_site,
        memory=halo_memory(targets, cluster.workers, rates),
        work=moving + sum(loads),
        seconds=moving / cluster.slots + halo_seconds(loads, cluster.slots),
    )


def size(count: float) -> str:
    """Bytes in words: 17.5 MB."""
    units = iter(("B", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while count >= 1000 and unit != "TB":
        count, unit = count / 1000, next(units)
    return f"{count:,.0f} {unit}" if count >= 10 or unit == "B" else f"{count:.1f} {unit}"
