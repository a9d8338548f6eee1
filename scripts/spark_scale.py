"""Measures tamarisk.spark on made data, beside what its estimate says: `python scripts/spark_scale.py measure`.

    measure [--sites N] [--incidents N] [--executors N...] [--plan NAME...]        runs on this machine
    simulate [--sites N] [--incidents N] [--executors N] [--cores N] [--memory G]  the plans of a cluster, on paper

The environment needs the wheel, pyspark, pyarrow and numpy: that of `make test-spark` has them. docs/SCALE.md explains
what is printed.
"""

import argparse
import os
import subprocess
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


class Processes:
    """The executors of a session on this machine, and their Python workers."""

    TICKS = os.sysconf("SC_CLK_TCK")

    def __init__(self, spark):
        self.app = spark.sparkContext.applicationId.encode()
        self.spent = {}

    def listed(self):
        """(whether it is a worker, folder in /proc) of each process."""
        folders = list(Path("/proc").glob("[0-9]*"))
        commands, parents = {}, {}
        for folder in folders:
            try:
                commands[folder.name] = (folder / "cmdline").read_bytes()
                parents[folder.name] = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
            except OSError:
                continue
        java = {n for n, said in commands.items() if b"CoarseGrainedExecutorBackend" in said and self.app in said}
        daemons = {n for n in parents if parents[n] in java}
        workers = daemons | {n for n in parents if parents[n] in daemons}
        return [(n in workers, Path("/proc") / n) for n in java | workers]

    def seconds(self):
        """Processor time so far: of the Python workers, and of the executors themselves."""
        for is_worker, folder in self.listed():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            # Spark ends workers that are idle for a minute; what they took stays.
            self.spent[folder.name] = not is_worker, sum(map(int, fields[11:13])) / self.TICKS
        python, java = (sum(spent for of, spent in self.spent.values() if of == is_java) for is_java in (False, True))
        return np.array([python, java])

    def largest_worker(self):
        """The largest peak of memory of a Python worker, in bytes."""
        peaks = [0]
        for is_worker, folder in self.listed():
            try:
                if is_worker:
                    peaks.append(int((folder / "status").read_text().split("VmHWM:")[1].split()[0]) * 1024)
            except (OSError, IndexError):
                continue
        return max(peaks)


def measure(args):
    """Each plan with each number of executors, in a process of its own."""
    runs = [(plan, number) for number in args.executors for plan in args.plan]
    if len(runs) == 1:
        return measure_one(args, *runs[0])
    for plan, number in runs:
        more = [f"--{name}={getattr(args, name)}" for name in ("sites", "incidents", "memory", "folder")]
        own = [sys.executable, __file__, "measure", "--plan", plan, "--executors", str(number), *more]
        subprocess.run(own, check=True, stderr=subprocess.DEVNULL)


def measure_one(args, name, executors):
    """One run, and what its estimate says."""
    from tamarisk.spark._estimate import size
    from tamarisk.spark._plan import chosen
    from tamarisk.spark._question import Question
    from tamarisk.spark._ship import folder_of

    spark = session(executors)
    try:
        folder = Path(args.folder).resolve()
        for role, make, count, ddl in (
            ("sites", sites, args.sites, SITES),
            ("incidents", incidents, args.incidents, INCIDENTS),
        ):
            path = folder / f"{role}-{count}"
            if not path.exists():
                frame(spark, make, count, 8, ddl).write.parquet(str(path))
        data = [
            spark.read.parquet(str(folder / f"{role}-{count}"))
            for role, count in (("sites", args.sites), ("incidents", args.incidents))
        ]
        # The workers start, and the package is imported, before the clock does.
        spark.range(8).repartition(4).mapInArrow(imported, "id bigint").count()
        processes = Processes(spark)
        clock = [(time.monotonic(), processes.seconds())]
        question = Question.of(*data, None, {"scheme": "default", "as_of": AS_OF, "coverage": "all"}, None, args.memory)
        clock.append((time.monotonic(), processes.seconds()))
        plan = chosen(question, name)
        before = shuffled(spark)
        clock.append((time.monotonic(), processes.seconds()))
        scored = plan.run()
        # Every value of every row, in whatever order the rows come.
        total = scored.selectExpr("count(*)", "sum(cast(xxhash64(*) as decimal(38)))").first()
        clock.append((time.monotonic(), processes.seconds()))
        moved, largest = shuffled(spark) - before, processes.largest_worker()
        files = sum(path.stat().st_size for path in folder_of(spark.sparkContext).iterdir())
        print(f"\n{plan.text}")
        print(f"measured: plan {plan.name}, {executors} executors, load of the machine {os.getloadavg()[0]:.1f}")
        print(f"  {total[0]:,} rows; the sum of their hashes is {total[1]}")
        for said, (start, spent), (end, total_spent) in zip(
            ("counted", "located", "scored"), clock, clock[1:], strict=False
        ):
            python, java = total_spent - spent
            print(f"  {said}: {end - start:.1f} s; processor time {python:.1f} s in Python, {java:.1f} s in Java")
        work = sum(clock[3][1] - clock[2][1])
        compared = [
            ("sent", plan.costs.sent, moved + files * executors, size),
            ("memory of a worker", plan.costs.memory / question.cluster.workers, largest, size),
            ("work of all", plan.costs.work, work, "{:,.1f} s".format),
            ("time to score", plan.costs.seconds, clock[3][0] - clock[2][0], "{:,.1f} s".format),
        ]
        for said, estimated, seen, form in compared:
            print(f"  {said}: estimated {form(estimated)}, measured {form(seen)} ({estimated / seen - 1:+.0%})")
        sys.stdout.flush()
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
    from tamarisk.spark._blocks import balanced, cuts

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
    costs = _estimate.broadcast_costs(args.sites, args.incidents, cluster)
    print(f"  {told(costs, cluster, args.cores)}")
    for blocks in cuts(places_, needs, counts, cluster):
        loads = [0.0] * blocks.partitions
        at = balanced([target.seconds() for target in blocks.targets], blocks.partitions)
        for target, partition in zip(blocks.targets, at, strict=True):
            loads[partition] += target.seconds()
        costs = _estimate.halo_costs(args.sites, args.incidents, blocks.targets, loads, cluster)
        print(
            f"halo, blocks of {199 << blocks.level} km: {len(blocks.needs):,} blocks, {len(blocks.targets):,} engines in "
            f"{blocks.partitions:,} partitions, {blocks.copies / args.incidents:.2f} copies, "
            f"{_estimate.size(costs.sent)} shuffled\n"
            f"  {told(costs, cluster, args.cores)}, longest partition {max(loads) * len(loads) / sum(loads):.2f} times the mean"
        )


def told(costs, cluster, cores):
    """Memory and work of an executor whose one process uses some cores."""
    from tamarisk.spark._estimate import size

    fits = "fits" if costs.memory <= cluster.room else "does not fit"
    return f"memory {size(costs.memory)} on each: {fits}; {costs.seconds / cores:,.0f} s"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(required=True)
    for name, work in (("measure", measure), ("simulate", simulate)):
        mode = modes.add_parser(name)
        mode.set_defaults(work=work)
        mode.add_argument("--sites", type=int, default=1_000_000)
        mode.add_argument("--incidents", type=int, default=1_000_000)
        if work is measure:
            mode.add_argument("--executors", type=int, nargs="+", default=[1, 2])
            mode.add_argument("--plan", nargs="+", default=["broadcast", "halo"], choices=["broadcast", "halo"])
            mode.add_argument("--memory", default="8g")
            mode.add_argument("--folder", default="target/spark-scale")
        else:
            mode.add_argument("--executors", type=int, default=2)
            mode.add_argument("--cores", type=int, default=8)
            mode.add_argument("--memory", type=int, default=32)
            mode.add_argument("--sample", type=int, default=1_000_000)
    args = parser.parse_args()
    args.work(args)


if __name__ == "__main__":
    main()
