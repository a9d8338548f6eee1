"""Measures tamarisk.spark on made data, beside what its estimate says: `python scripts/spark_scale.py measure`.

    measure [--sites N] [--incidents N] [--executors N] [--plan broadcast|halo]   one run on this machine
    simulate [--sites N] [--incidents N] [--executors N] [--cores N] [--memory G]  the plans of a cluster, on paper

The environment needs the wheel, pyspark, pyarrow and numpy: that of `make test-spark` has them. docs/SCALE.md explains
what is printed.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
AS_OF = "2025-12-31"
TYPES = np.array(["Battles", "Explosions/Remote violence", "Violence against civilians", "Riots", "Protests", "spill"])
#: The share of each type and those before it.
SHARES = np.array([0.25, 0.45, 0.65, 0.8, 0.995, 1.0])
CENTERS = 200


def places(ids, seed):
    """A place for each id: four of five around 200 centers (in proportion to 1/rank), the others anywhere on land's
    latitudes. The same id has the same place wherever it is computed."""
    draw = np.random.default_rng(seed)
    center = np.column_stack([draw.uniform(-180, 180, CENTERS), draw.uniform(-40, 60, CENTERS)])
    share = 1 / np.arange(1, CENTERS + 1)
    share = np.cumsum(share / share.sum())

    def uniform(stream):
        # SplitMix64: numbers that depend on the id and the stream alone.
        z = ids.astype(np.uint64) + np.uint64((seed * 64 + stream) * 0x9E3779B97F4A7C15 % 2**64)
        z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        return ((z ^ z >> np.uint64(31)) >> np.uint64(11)) / 2.0**53

    def normal(stream):
        return np.sqrt(-2 * np.log(1 - uniform(stream))) * np.cos(2 * np.pi * uniform(stream + 1))

    of = np.searchsorted(share, uniform(0)).clip(0, CENTERS - 1)
    crowd = uniform(1) < 0.8
    lon = np.where(crowd, center[of, 0] + 4 * normal(2), uniform(4) * 360 - 180)
    lat = np.where(crowd, center[of, 1] + 3 * normal(6), uniform(5) * 115 - 55)
    return (lon + 180) % 360 - 180, lat.clip(-85, 85), uniform


def incidents(ids):
    """Incidents of these numbers."""
    lon, lat, uniform = places(ids, 1)
    days = (uniform(10) * 2_900).astype(np.int32) + 17_532
    return pa.RecordBatch.from_pydict(
        {
            "incident_id": pa.array(np.char.add("i", ids.astype(str))),
            "lon": lon,
            "lat": lat,
            "date": pa.array(days, pa.int32()).cast(pa.date32()),
            "event_type": pa.array(TYPES[np.searchsorted(SHARES, uniform(11)).clip(0, 5)]),
            "fatalities": pa.array((uniform(12) ** 4 * 9).astype(np.int32)),
            "position_accuracy_km": np.array([1.0, 5.0, 25.0])[(uniform(13) * 3).astype(int)],
        }
    )


def sites(ids):
    """Sites of these numbers."""
    lon, lat, _ = places(ids, 2)
    names = pa.array(np.char.add("s", ids.astype(str)))
    return pa.RecordBatch.from_pydict({"site_id": names, "name": names, "lon": lon, "lat": lat})


def frame(spark, make, count, partitions, ddl):
    """Made rows as a DataFrame."""

    def rows(batches):
        for batch in batches:
            yield make(batch.column("id").to_numpy())

    return spark.range(0, count, 1, partitions).mapInArrow(rows, ddl)


SITES = "site_id string, name string, lon double, lat double"
INCIDENTS = (
    "incident_id string, lon double, lat double, date date, event_type string, fatalities int, "
    "position_accuracy_km double"
)


def session(executors):
    """A session with executors of one core each, processes of their own."""
    os.environ.update(JDK_JAVA_OPTIONS=JVM, SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable)
    from pyspark.sql import SparkSession

    built = SparkSession.builder.master(f"local-cluster[{executors},1,1024]").appName("scale")
    for name, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.executor.extraJavaOptions": JVM,
    }.items():
        built = built.config(name, value)
    spark = built.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def shuffled(spark):
    """Bytes that all executors wrote for shuffles so far."""
    listed = spark.sparkContext._jsc.sc().statusStore().executorList(False)
    return sum(listed.apply(at).totalShuffleWrite() for at in range(listed.size()))


def largest_worker():
    """The largest peak of memory of a Python worker of Spark on this machine, in bytes."""
    peaks = [0]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"pyspark.daemon" in (process / "cmdline").read_bytes():
                status = (process / "status").read_text()
                peaks.append(int(status.split("VmHWM:")[1].split()[0]) * 1024)
        except (OSError, IndexError):
            continue
    return max(peaks)


def measure(args):
    """One run, and what its estimate says."""
    from tamarisk.spark import _estimate
    from tamarisk.spark._plan import chosen
    from tamarisk.spark._question import Question

    spark = session(args.executors)
    try:
        folder = Path(args.folder).resolve()
        for name, make, count, ddl in (
            ("sites", sites, args.sites, SITES),
            ("incidents", incidents, args.incidents, INCIDENTS),
        ):
            path = folder / f"{name}-{count}"
            if not path.exists():
                frame(spark, make, count, 8, ddl).write.parquet(str(path))
        data = [
            spark.read.parquet(str(folder / f"{name}-{count}"))
            for name, count in (("sites", args.sites), ("incidents", args.incidents))
        ]
        # The workers start, and the package is imported, before the clock does.
        spark.range(8).repartition(4).mapInArrow(imported, "id bigint").count()
        before, begun = shuffled(spark), time.monotonic()
        question = Question.of(*data, None, {"scheme": "default", "as_of": AS_OF, "coverage": "all"}, None, args.memory)
        plan = chosen(question, args.plan)
        prepared = time.monotonic()
        scored = plan.run()
        shipped = time.monotonic()
        rows = scored.selectExpr("count(*)", "sum(incidents_100km)").first()
        done = time.monotonic()
        print(plan.text)
        print(
            f"measured: {args.executors} executors, plan {plan.name}, {rows[0]:,} rows, {rows[1]:,.0f} incidents within 100 km"
        )
        print(
            f"  counted and located {prepared - begun:.1f} s, gathered {shipped - prepared:.1f} s, scored {done - shipped:.1f} s"
        )
        print(
            f"  shuffled {_estimate.size(shuffled(spark) - before)}; largest worker {_estimate.size(largest_worker())}"
        )
    finally:
        spark.stop()


def imported(batches):
    """Imports the package in a worker."""
    import tamarisk  # noqa: F401

    yield from batches


def simulate(args):
    """Both plans for a cluster, from places of a sample, each of which stands for many."""
    from tamarisk import _tamarisk
    from tamarisk.spark import _estimate
    from tamarisk.spark._blocks import LEVELS, balanced, cut

    sample = min(args.sample, args.sites, args.incidents)
    options = {"as_of": AS_OF, "coverage": "all"}
    located = {}
    for name, make, count in (("incidents", incidents, args.incidents), ("sites", sites, args.sites)):
        table = pa.Table.from_batches([make(np.arange(sample))])
        cubes, summary, _ = _tamarisk._located(table, name, options)
        numbers, times = np.unique([cube for of in cubes for cube in of if cube >= 0], return_counts=True)
        located[name] = {int(n): round(int(t) * count / sample) for n, t in zip(numbers, times, strict=True)}, summary
    counts, summary = located["incidents"]
    places_ = {(cube,): number for cube, number in located["sites"][0].items()}
    needs = _tamarisk._neighbors(_tamarisk._merged([summary]), _tamarisk._merged([located["sites"][1]]), options)
    rates = _estimate.RATES
    cluster = _estimate.Cluster(args.executors, 1, args.memory * 2**30)
    print(
        f"{args.sites:,} sites, {args.incidents:,} incidents; {args.executors} executors of {args.cores} cores and {args.memory} GiB for Python"
    )
    print(
        f"broadcast: {_estimate.size(args.incidents * rates.sent)} to each executor, {_estimate.size(args.incidents * rates.sent * args.executors)} in all"
    )
    needed = _estimate.broadcast_memory(args.incidents, 1, rates)
    seconds = _estimate.broadcast_seconds(args.sites, args.incidents, args.executors, rates) / args.cores
    print(
        f"  memory {_estimate.size(needed)} on each: {'fits' if needed <= cluster.room else 'does not fit'}; work {seconds:,.0f} s"
    )
    for level in LEVELS:
        blocks = cut(level, places_, needs, counts, cluster, rates)
        loads = [0.0] * blocks.partitions
        for target, at in zip(
            blocks.targets, balanced([t.seconds(rates) for t in blocks.targets], blocks.partitions), strict=True
        ):
            loads[at] += target.seconds(rates)
        needed = _estimate.halo_memory(blocks.targets, 1, rates)
        print(
            f"halo, blocks of {199 << level} km: {len(blocks.needs):,} blocks, {len(blocks.targets):,} engines in {blocks.partitions:,} partitions, "
            f"{blocks.copies / args.incidents:.2f} copies, {_estimate.size(_estimate.halo_shuffled(blocks.targets, rates))} shuffled"
        )
        print(
            f"  memory {_estimate.size(needed)} on each: {'fits' if needed <= cluster.room else 'does not fit'}; "
            f"work {_estimate.halo_seconds(loads, cluster.slots) / args.cores:,.0f} s, longest partition {max(loads) * len(loads) / sum(loads):.2f} times the mean"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(required=True)
    for name, work in (("measure", measure), ("simulate", simulate)):
        mode = modes.add_parser(name)
        mode.set_defaults(work=work)
        mode.add_argument("--sites", type=int, default=1_000_000)
        mode.add_argument("--incidents", type=int, default=1_000_000)
        mode.add_argument("--executors", type=int, default=2)
        if work is measure:
            mode.add_argument("--plan", default="broadcast")
            mode.add_argument("--memory", default="8g")
            mode.add_argument("--folder", default="target/spark-scale")
        else:
            mode.add_argument("--cores", type=int, default=8)
            mode.add_argument("--memory", type=int, default=32)
            mode.add_argument("--sample", type=int, default=1_000_000)
    args = parser.parse_args()
    args.work(args)


if __name__ == "__main__":
    main()
