"""Where sites and incidents go, without Spark but for its hash."""

import random

import pyarrow as pa

from tamarisk.spark._blocks import balanced, blocks_of, hashed, stands_for
from tamarisk.spark._columns import distinct
from tamarisk.spark._estimate import RATES, Cluster, Target, broadcast_costs, halo_costs, halo_seconds, size
from tamarisk.spark._worker import KEY, whole_sites


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


def test_few_rows_make_few_engines_and_many_make_many():
    draw = random.Random(3)
    cubes = draw.sample(range(2**18), 1_000)
    needs = {cube: {cube} for cube in cubes}
    few = blocks_of({(cube,): 2 for cube in cubes}, needs, dict.fromkeys(cubes, 20), Cluster(2, 1, 10**10))
    assert len(few.targets) < 10 and sum(target.sites for target in few.targets) == 2_000
    # The fixed cost of all engines is less than half of the work.
    assert len(few.targets) * RATES.engine_s < sum(target.seconds() for target in few.targets) / 2
    many = blocks_of({(cube,): 20_000 for cube in cubes}, needs, dict.fromkeys(cubes, 90_000), Cluster(50, 1, 10**10))
    assert len(many.targets) > 150


def test_sites_are_scored_some_at_a_time_and_never_parted():
    draw = random.Random(9)
    keys = sorted(f"k{draw.randrange(300):03}" for _ in range(1_000)) + ["l"] * 130 + ["m"] * 250 + ["n"]
    for size_of_batch in (1, 7, 100, 5_000):
        batches = pa.table({KEY: keys, "row": range(len(keys))}).to_batches(max_chunksize=size_of_batch)
        tables = list(whole_sites(batches, 100))
        assert [row for table in tables for row in table.column("row").to_pylist()] == list(range(len(keys)))
        held = [set(table.column(KEY).to_pylist()) for table in tables]
        assert sum(map(len, held)) == len(set(keys)), "a site was parted"
        # Those of more parts than that are alone.
        assert sorted(len(table) for table in tables)[-2:] == [130, 250]
        assert all(len(table) <= 100 or len(of) == 1 for table, of in zip(tables, held, strict=True))
    rows = pa.table({"row": range(1_000)}).to_batches(max_chunksize=300)
    assert [len(table) for table in whole_sites(rows, 400)] == [400, 400, 200]


def test_receptors_are_held_and_read_by_every_worker():
    rates, cluster = RATES.beside(10**9), Cluster(2, 3, 10**12)
    plain, beside = (broadcast_costs(10**6, 10**6, cluster, of) for of in (RATES, rates))
    assert beside.memory - plain.memory == 3 * 10**9 * RATES.receptors
    assert round(beside.work - plain.work, 6) == round(6 * 10**9 * RATES.read_s, 6)
    targets = [Target(0, 1_000, 1_000)]
    plain, beside = (halo_costs(1_000, 1_000, targets, [1.0], cluster, of) for of in (RATES, rates))
    assert beside.memory - plain.memory == 3 * 10**9 * RATES.receptors
    assert beside.seconds > plain.seconds


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
