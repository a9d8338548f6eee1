"""Runs a workload of the benchmark with a library of Python: `run.py WHO WORKLOAD SITES INCIDENTS THREADS`.

SITES and INCIDENTS are files of little-endian doubles: longitude and latitude, and for incidents the severity. Prints one line of
JSON: seconds for what is done once and for what is done for the sites, of each run; the answer; the peak memory; the versions. Each
program gets the plan that is fastest with it; a join that plans itself is timed as a whole.
"""

import json
import resource
import sys
import time
from importlib.metadata import version

import numpy as np

RADII = np.array([5e3, 1e4, 2.5e4, 5e4, 1e5])
EARTH = 6_371_008.8
# The plane in which planar programs measure: true to length from the middle of the data.
PLANE = "+proj=aeqd +lat_0=2 +lon_0=23 +datum=WGS84"
# Sites whose pairs are held at once.
BATCH = 500


def planar(points):
    from pyproj import Transformer

    to_plane = Transformer.from_crs(4326, PLANE, always_xy=True)
    return to_plane.transform(points[:, 0], points[:, 1])


def radians(points):
    return np.radians(points[:, [1, 0]])


def timed(once, each):
    start = time.perf_counter()
    made = once()
    built = time.perf_counter()
    answer = each(made)
    return built - start, time.perf_counter() - built, answer


def in_rings(site, meters, severity, sites):
    """Counts and sums within each radius of each site, from pairs."""
    ring = np.searchsorted(RADII, meters, side="left")
    near = ring < len(RADII)
    key = site[near] * len(RADII) + ring[near]
    size = sites * len(RADII)

    def summed(weights=None):
        return np.bincount(key, weights, size).reshape(sites, -1).cumsum(1)

    return summed(), summed(severity[near])


def text(rings):
    counts, sums = (np.asarray(of).sum(0).round().astype(int) for of in rings)
    return f"counts {'/'.join(map(str, counts))} sums {'/'.join(map(str, sums))}"


def balltree(incidents):
    from sklearn.neighbors import BallTree

    return BallTree(radians(incidents), metric="haversine")


def balltree_rings(sites, incidents):
    def each(tree):
        batches = []
        for batch in np.array_split(radians(sites), max(1, len(sites) // BATCH)):
            found, far = tree.query_radius(batch, RADII[-1] / EARTH, return_distance=True)
            site = np.repeat(np.arange(len(batch)), [len(of) for of in found])
            pair = np.concatenate(found)
            batches.append(in_rings(site, np.concatenate(far) * EARTH, incidents[pair, 2], len(batch)))
        return [np.vstack(of) for of in zip(*batches)]

    return timed(lambda: balltree(incidents), each)


def balltree_nearest(sites, incidents, k):
    return timed(lambda: balltree(incidents), lambda tree: tree.query(radians(sites), k=k)[0] * EARTH)


def frame(points):
    import geopandas

    flat = geopandas.points_from_xy(points[:, 0], points[:, 1], crs=4326)
    return geopandas.GeoDataFrame({"number": np.arange(len(points))}, geometry=flat).to_crs(PLANE)


def geopandas_rings(sites, incidents):
    import shapely

    def once():
        made = frame(incidents)
        return made, made.sindex

    def each(made):
        (points, index), batches = made, []
        for batch in np.array_split(frame(sites).geometry.values, max(1, len(sites) // BATCH)):
            site, found = index.query(batch, predicate="dwithin", distance=RADII[-1])
            far = shapely.distance(np.asarray(batch)[site], np.asarray(points.geometry.values)[found])
            batches.append(in_rings(site, far, incidents[found, 2], len(batch)))
        return [np.vstack(of) for of in zip(*batches)]

    return timed(once, each)


def geopandas_nearest(sites, incidents, k):
    if k != 1:
        return None

    def once():
        made = frame(incidents)
        return made, made.sindex

    def each(made):
        found = frame(sites).sjoin_nearest(made[0], distance_col="meters")
        # Of several at the same distance one is enough.
        return found[~found.index.duplicated()]["meters"].to_numpy()

    return timed(once, each)


def sums(near):
    each = [f"sum(case when d <= {r} then 1 else 0 end), sum(case when d <= {r} then w else 0 end)" for r in RADII]
    return f"select {', '.join(each)} from ({near})"


def in_columns(row):
    return [[row[0::2]], [row[1::2]]]


def duckdb_of(sites, incidents, threads):
    import duckdb
    import duckdb_ext
    import pandas

    database = duckdb_ext.init(duckdb.connect())
    database.execute(f"load spatial; set threads = {threads}; set preserve_insertion_order = false")
    for name, points in ("sites", sites), ("incidents", incidents):
        x, y = planar(points)
        given = pandas.DataFrame({"x": x, "y": y, "w": points[:, 2] if points.shape[1] > 2 else 0.0})
        database.register("given", given)
        database.execute(f"create table {name} as select ST_Point(x, y) g, w from given")
    return database


def duckdb_rings(sites, incidents, threads):
    """The join of the extension `spatial`, which builds an R-tree on the fly."""
    near = "select i.w w, ST_Distance(s.g, i.g) d from sites s join incidents i on ST_DWithin(s.g, i.g, 100000.0)"
    database = duckdb_of(sites, incidents, threads)
    return timed(lambda: None, lambda _: in_columns(database.execute(sums(near)).fetchone()))


def sedonadb_of(sites, incidents):
    import pandas
    import sedonadb

    database = sedonadb.connect()
    for name, points in ("sites", sites), ("incidents", incidents):
        x, y = planar(points)
        given = pandas.DataFrame(
            {"id": np.arange(len(points)), "x": x, "y": y, "w": points[:, 2] if points.shape[1] > 2 else 0.0}
        )
        database.create_data_frame(given).to_view(f"{name}_given")
        made = database.sql(f"select id, w, ST_Point(x, y) g from {name}_given")
        made.to_memtable().to_view(name)
    return database


def sedonadb_rings(sites, incidents):
    near = "select i.w w, ST_Distance(s.g, i.g) d from sites s join incidents i on ST_DWithin(s.g, i.g, 100000.0)"
    database = sedonadb_of(sites, incidents)
    # Columns need names of their own.
    named = ", ".join(
        f"sum(case when d <= {r} then 1 else 0 end) c{n}, sum(case when d <= {r} then w else 0 end) s{n}"
        for n, r in enumerate(RADII)
    )
    asked = f"select {named} from ({near}) pairs"
    return timed(lambda: None, lambda _: in_columns(database.sql(asked).to_pandas().iloc[0].to_list()))


def sedonadb_nearest(sites, incidents, k):
    database = sedonadb_of(sites, incidents)
    asked = f"select ST_Distance(s.g, i.g) d from sites s join incidents i on ST_KNN(s.g, i.g, {k}, false)"
    return timed(lambda: None, lambda _: database.sql(asked).to_pandas()["d"].to_numpy())


def runs(who, workload, sites, incidents, threads):
    """One run: seconds once, seconds for the sites, and the answer as text; `None` for what the program does not do."""
    if workload == "w1":
        ways = {
            "balltree": lambda: balltree_rings(sites, incidents),
            "geopandas": lambda: geopandas_rings(sites, incidents),
            "duckdb": lambda: duckdb_rings(sites, incidents, threads),
            "sedonadb": lambda: sedonadb_rings(sites, incidents),
        }
        once, each, rings = ways[who]()
        return once, each, text(rings)
    k = int(workload.removeprefix("w2-k"))
    ways = {
        "balltree": lambda: balltree_nearest(sites, incidents, k),
        "geopandas": lambda: geopandas_nearest(sites, incidents, k),
        "sedonadb": lambda: sedonadb_nearest(sites, incidents, k),
    }
    found = ways[who]() if who in ways else None
    if found is None:
        return None
    once, each, meters = found
    return once, each, f"{np.size(meters)} ways of {np.sum(meters):.0f} m"


LIBRARIES = {"balltree": "scikit-learn", "geopandas": "geopandas", "duckdb": "duckdb", "sedonadb": "sedonadb"}


def main():
    who, workload, sites, incidents, threads = sys.argv[1:]
    sites = np.fromfile(sites).reshape(-1, 2)
    incidents = np.fromfile(incidents).reshape(-1, 3)
    spent, answer, begin = [], None, time.perf_counter()
    while len(spent) < 3 and time.perf_counter() - begin < 6:
        found = runs(who, workload, sites, incidents, int(threads))
        if found is None:
            return sys.exit(3)
        once, each, answer = found
        spent.append([once, each])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    library = LIBRARIES[who]
    told = {"spent": spent, "answer": answer, "peak_mb": peak, "version": f"{library} {version(library)}"}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
