"""Blocks of cubes: how large they are, which incidents each needs, and which partition each goes to. Without Spark."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from ._estimate import RATES, Cluster, Rates, Target, halo_memory, halo_seconds

#: Blocks of 1, 8, 64 cubes and so on: aligned, since cubes are numbered in Morton order. The last is all of space.
LEVELS = range(7)

#: The cube of incidents that count for every site, such as earthquakes: every block gets them.
EVERYWHERE = -1

#: Partitions for each task slot, so that a slow one is made up for.
WAVES = 3

#: The most rows of a partition that is lost and done again.
ROWS = 4_000_000


@dataclass(frozen=True)
class Blocks:
    """Space cut into blocks."""

    #: A block is `cube >> 3 * level`.
    level: int
    targets: list[Target]
    #: The cubes of incidents that each block needs.
    needs: dict[int, frozenset[int]]
    partitions: int

    @property
    def copies(self) -> int:
        """Rows of incidents that are sent."""
        return sum(target.incidents for target in self.targets)


def blocks_of(
    places: Mapping[tuple[int, ...], int],
    needs: Mapping[int, Iterable[int]],
    counts: Mapping[int, int],
    cluster: Cluster,
    rates: Rates = RATES,
) -> Blocks:
    """The blocks that are done first, of those whose largest engine fits in memory, or else the smallest engines.

    `places` counts sites by the cubes they touch, `needs` gives the cubes of incidents for a cube of sites, `counts`
    the incidents in a cube.
    """
    tried = list(cuts(places, needs, counts, cluster, rates))
    fits = [blocks for blocks in tried if halo_memory(blocks.targets, cluster.workers, rates) <= cluster.room]
    if not fits:
        return min(tried, key=lambda blocks: halo_memory(blocks.targets, cluster.workers, rates))

    def seconds(blocks: Blocks) -> float:
        loads = [target.seconds(rates) for target in blocks.targets]
        moved = blocks.copies * rates.shuffle_s / cluster.slots
        return halo_seconds(sorted(loads, reverse=True), cluster.slots) + moved

    return min(fits, key=seconds)


def cuts(
    places: Mapping[tuple[int, ...], int],
    needs: Mapping[int, Iterable[int]],
    counts: Mapping[int, int],
    cluster: Cluster,
    rates: Rates = RATES,
) -> Iterator[Blocks]:
    """Blocks of each size, from the smallest."""
    sites: dict[int, int] = defaultdict(int)
    needed: dict[int, set[int]] = defaultdict(set)
    for cubes, number in places.items():
        sites[min(cubes)] += number
        needed[min(cubes)].update(*(needs.get(cube, ()) for cube in cubes))
    for level in LEVELS:
        yield divided(level, sites, needed, counts, cluster, rates)
        wider_sites: dict[int, int] = defaultdict(int)
        wider: dict[int, set[int]] = defaultdict(set)
        for block, number in sites.items():
            wider_sites[block >> 3] += number
            wider[block >> 3] |= needed[block]
        sites, needed = wider_sites, wider


def divided(
    level: int,
    sites: Mapping[int, int],
    needed: Mapping[int, set[int]],
    counts: Mapping[int, int],
    cluster: Cluster,
    rates: Rates,
) -> Blocks:
    """Blocks of one size. Those whose sites are more than a fair share of the work are split by sites, never by
    incidents."""
    everywhere = counts.get(EVERYWHERE, 0)
    incidents = {block: everywhere + sum(counts.get(cube, 0) for cube in cubes) for block, cubes in needed.items()}
    fixed = {block: rates.engine_s + number * rates.index_s for block, number in incidents.items()}
    fair = (sum(sites.values()) * rates.score_s + sum(fixed.values())) / (WAVES * cluster.slots)
    targets = []
    for block, number in sorted(sites.items()):
        # A share costs an engine of its own, so it has at least as much to score.
        least = max(fair, fixed[block], 1e-9)
        shares = max(1, min(number, round(number * rates.score_s / least)))
        each, more = divmod(number, shares)
        targets += [Target(block, each + (share < more), incidents[block]) for share in range(shares)]
    rows = sum(target.sites + target.incidents for target in targets)
    partitions = max(1, min(len(targets), max(WAVES * cluster.slots, -(-rows // ROWS))))
    return Blocks(level, targets, {block: frozenset(cubes) for block, cubes in needed.items()}, partitions)


def balanced(loads: Sequence[float], partitions: int) -> list[int]:
    """The partition of each load: the heaviest first, each to the partition with the least so far."""
    free = [(0.0, partition) for partition in range(partitions)]
    at = [0] * len(loads)
    for number in sorted(range(len(loads)), key=lambda number: (-loads[number], number)):
        so_far, partition = heapq.heappop(free)
        at[number] = partition
        heapq.heappush(free, (so_far + loads[number], partition))
    return at


def stands_for(partitions: int) -> list[int]:
    """For each partition a number that Spark's `repartition(partitions, column)` sends there."""
    stand: dict[int, int] = {}
    for number in count():
        stand.setdefault(hashed(number) % partitions, number)
        if len(stand) == partitions:
            return [stand[partition] for partition in range(partitions)]
    raise AssertionError("count() has no end")


def hashed(number: int, seed: int = 42) -> int:
    """Spark's hash of an `int`: Murmur3 with 32 bits, signed."""
    word = 0xFFFFFFFF
    k = number * 0xCC9E2D51 & word
    k = (k << 15 | k >> 17) & word
    k = k * 0x1B873593 & word
    h = seed ^ k
    h = (h << 13 | h >> 19) & word
    h = (h * 5 + 0xE6546B64 & word) ^ 4
    h ^= h >> 16
    h = h * 0x85EBCA6B & word
    h ^= h >> 13
    h = h * 0xC2B2AE35 & word
    h ^= h >> 16
    return h - (1 << 32) if h >> 31 else h
