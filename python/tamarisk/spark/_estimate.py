"""What a plan costs: bytes, memory and time from counts alone. Pure arithmetic, without Spark.

docs/SCALE.md states these formulas; `scripts/spark_scale.py` compares them with measured runs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Rates:
    """Cost of single things, as measured (docs/SCALE.md).

    Bytes are those of memory unless named otherwise; times are of one core.
    """

    #: An incident in an engine, from its Parquet to the last answer.
    incident: float = 650.0
    #: An incident in an engine that comes after another in the same process.
    incident_again: float = 800.0
    #: A site of a batch, from Arrow to scored rows.
    site: float = 17_000.0
    #: A byte of a file of receptors.
    receptors: float = 15.0
    #: A worker process before it holds anything.
    worker: float = 200e6
    #: An incident in the Parquet file that is sent.
    sent: float = 19.0
    #: A row in a shuffle.
    shuffled: float = 40.0
    #: Seconds of Java on an executor to start the jobs of a plan.
    jobs_s: float = 1.2
    #: Seconds to gather an incident into the file that is sent.
    pack_s: float = 3e-6
    #: Seconds to find the cubes of a row.
    locate_s: float = 9e-6
    #: Seconds to send a row to a block and sort it there.
    shuffle_s: float = 5e-6
    #: Seconds to make an engine and to score its first site, whatever it holds.
    engine_s: float = 0.03
    #: Seconds to read and index an incident.
    index_s: float = 5e-6
    #: Seconds to score a site.
    score_s: float = 160e-6
    #: Seconds to read a byte of receptors or polygons.
    read_s: float = 120e-9
    #: Seconds to read all receptors in a worker.
    start_s: float = 0.0

    def beside(self, receptors: int, coverage: int = 0) -> Rates:
        """The rates where each worker holds files of receptors of so many bytes, and each engine reads polygons of
        coverage."""
        return replace(
            self,
            worker=self.worker + receptors * self.receptors,
            start_s=receptors * self.read_s,
            engine_s=self.engine_s + coverage * self.read_s,
        )


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


def broadcast_memory(sites: int, incidents: int, cluster: Cluster, rates: Rates = RATES) -> int:
    """Bytes that the workers of one executor hold at the peak when each has all incidents."""
    batch = min(BATCH, -(-sites // cluster.slots))
    return int(cluster.workers * (rates.worker + incidents * rates.incident + batch * rates.site))


def most_broadcast(cluster: Cluster, rates: Rates = RATES) -> int:
    """The most incidents for which [broadcast_memory] fits, however many sites there are."""
    return max(0, int((cluster.room / cluster.workers - rates.worker - BATCH * rates.site) / rates.incident))


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
        return rates.worker + self.incidents * rates.incident_again + batch


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
    index = rates.start_s + rates.engine_s + incidents * rates.index_s
    return Costs(
        sent=incidents * rates.sent * cluster.executors,
        memory=broadcast_memory(sites, incidents, cluster, rates),
        work=rates.jobs_s * cluster.executors + shared + index * cluster.slots,
        seconds=rates.jobs_s + shared / cluster.slots + index,
    )


def halo_costs(
    sites: int,
    incidents: int,
    targets: Sequence[Target],
    loads: Sequence[float],
    cluster: Cluster,
    rates: Rates = RATES,
) -> Costs:
    """The costs of the halo plan: rows are located and sent, and each partition makes the engines of its targets."""
    copies = sum(target.incidents for target in targets)
    moving = (sites + incidents) * rates.locate_s + (sites + copies) * rates.shuffle_s
    return Costs(
        sent=(copies + sites) * rates.shuffled,
        memory=halo_memory(targets, cluster.workers, rates),
        work=rates.jobs_s * cluster.executors + moving + rates.start_s * cluster.slots + sum(loads),
        seconds=rates.jobs_s + moving / cluster.slots + rates.start_s + halo_seconds(loads, cluster.slots),
    )


def size(count: float) -> str:
    """Bytes in words: 17.5 MB."""
    units = iter(("B", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while count >= 1000 and unit != "TB":
        count, unit = count / 1000, next(units)
    return f"{count:,.0f} {unit}" if count >= 10 or unit == "B" else f"{count:.1f} {unit}"
