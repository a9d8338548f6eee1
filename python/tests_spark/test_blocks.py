"""Where sites and incidents go, without Spark but for its hash."""

import random

from tamarisk.spark._blocks import balanced, blocks_of, hashed, stands_for
from tamarisk.spark._columns import distinct
from tamarisk.spark._estimate import Cluster, halo_seconds, size


def test_a_partition_is_where_spark_puts_it(spark):
    numbers = [*range(50), 12_345, 2**31 - 1]
    frame = spark.createDataFrame([(n,) for n in numbers], "n int").selectExpr("n", "hash(n) h")
    assert all(row.h == hashed(row.n) for row in frame.collect())
    stand = stands_for(7)
    frame = spark.createDataFrame([(n,) for n in stand], "n int").repartition(7, "n")
    at = {row.n: row.at for row in frame.selectExpr("n", "spark_partition_id() at").collect()}
    assert [at[n] for n in stand] == list(range(7))


def test_blocks_hold_every_site_once_and_all_that_it_needs():
    draw = random.Random(5)
    places = {(draw.randrange(4_000),): draw.randrange(1, 5_000) for _ in range(200)}
    places[(7, 900, 3_000)] = 3
    needs = {cube: {cube, cube + 1, cube + 70} for of in places for cube in of}
    counts = {cube: draw.randrange(1, 900) for cube in range(4_100)}
    blocks = blocks_of(places, needs, counts, Cluster(4, 1, 10**10))
    assert sum(target.sites for target in blocks.targets) == sum(places.values())
    for of in places:
        block = min(of) >> 3 * blocks.level
        assert all(need in blocks.needs[block] for cube in of for need in needs[cube])
    for target in blocks.targets:
        assert target.incidents == sum(counts[cube] for cube in blocks.needs[target.block])


def test_a_crowded_block_is_split_by_sites_and_little_memory_makes_small_blocks():
    places = {(5,): 1_000_000, (3_000,): 10}
    needs = {5: {5}, 3_000: {3_000}}
    blocks = blocks_of(places, needs, {5: 1_000, 3_000: 10}, Cluster(8, 1, 10**10))
    crowded = [target for target in blocks.targets if target.sites > 10]
    assert len(crowded) > 8 and max(t.sites for t in crowded) - min(t.sites for t in crowded) <= 1
    loads = [target.seconds() for target in blocks.targets]
    assert halo_seconds(loads, 8) < 1.3 * sum(loads) / 8

    # Neighbors need nearly the same incidents, so large blocks cost less work and more memory.
    places = {(cube,): 100 for cube in range(64)}
    needs = {cube: set(range(cube, cube + 20)) for cube in range(64)}
    counts = dict.fromkeys(range(90), 50_000)
    wide = blocks_of(places, needs, counts, Cluster(1, 1, 10**12))
    narrow = blocks_of(places, needs, counts, Cluster(1, 1, 10**9))
    assert narrow.level < wide.level
    assert max(t.incidents for t in narrow.targets) < max(t.incidents for t in wide.targets)


def test_loads_are_balanced():
    loads = [9.0, 1.0, 1.0, 1.0, 5.0, 4.0]
    at = balanced(loads, 2)
    assert abs(sum(load for load, partition in zip(loads, at, strict=True) if partition == 0) - 10.5) <= 0.5


def test_names_and_sizes():
    used = {"site_name", "id"}
    assert [distinct(name, used) for name in ("name", "NAME", "a\nb", " ")] == [
        "site_name_2",
        "site_NAME_3",
        "site_a_b",
        "site_column",
    ]
    assert [size(n) for n in (0, 999, 17_500_000, 2.5e12)] == ["0 B", "999 B", "18 MB", "2.5 TB"]
