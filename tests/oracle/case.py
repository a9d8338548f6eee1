"""The inputs of a run, read once: sites with their linked parts, records, places and periods, distances and kernels."""

import argparse
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import shapely

import coverage
import method
import read
import shapes
import surroundings
from compare_scores import BORDERS, group_of, heads, parts_of, selected
from countries import Countries

INSIDE_KM = 1e-9


def options(description):
    """A parser with the options that a run and its comparison have in common."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", action="append", default=[])
    parser.add_argument("--incidents", action="append", default=[])
    parser.add_argument("--bbox", help="W,S,E,N: only sites in this box, edges included")
    parser.add_argument("--borders", default=next((b for b in BORDERS if b.exists()), None))
    parser.add_argument("--coverage", help="as the run was given it")
    parser.add_argument("--stale", choices=("no-data", "last"), default="no-data")
    parser.add_argument("--scheme", action="append", default=[], help="a scheme file, as the run was given it")
    parser.add_argument("--out", type=Path, help="folder of the run")
    parser.add_argument("--selftest", action="store_true")
    return parser


def scheme_of(name):
    return method.Scheme.read(surroundings.scheme_file(name)) if name and name != "default" else method.DEFAULT


def schemes_of(args):
    """The schemes of a run by the names that they are written under; the default where none is given."""
    told = {}
    for given in args.scheme or ["default"]:
        path = surroundings.scheme_file(given)
        told[tomllib.loads(path.read_text(encoding="utf-8")).get("name", path.stem)] = method.DEFAULT if given == "default" else method.Scheme.read(path)
    return told


class Case:
    """Security incidents and sites of a run, with all that does not depend on the day or the scheme."""

    def __init__(self, args):
        self.everything = [s for path in args.sites for s in read.read_sites(path)]
        self.sites = heads(selected(self.everything, args.bbox))
        self.files = {Path(path).name: [r for r in read.read_records(path) if r["domain"] == "security"] for path in args.incidents}
        self.files = {name: records for name, records in self.files.items() if records}
        self.world = Countries(args.borders)
        self.said = coverage.declared(args.coverage, self.world) if args.coverage else None
        # Incidents that can be used, in the files' order, as columns.
        self.records = [r for records in self.files.values() for r in records if not r["vague"]]
        of = lambda key, kind=float: np.array([np.nan if r[key] is None else r[key] for r in self.records], kind)
        self.lon, self.lat, self.r90, self.deaths = of("lon"), of("lat"), of("r90"), of("fatalities")
        self.low, self.high = of("low"), of("high")
        self.first, self.last = of("first", int), of("last", int)
        self.type = np.array([r["type"] for r in self.records])
        self.codes = [self.world.places_of_site(s) for s in self.sites]
        self.groups = [group_of(s, self.everything) for s in self.sites]
        self._offsets = {}

    def offsets(self, site):
        """East and north in km from a site to each incident, in the plane in which its geodesics are straight.

        From a line or polygon, from its point nearest to the incident; both 0 inside.
        """
        key = (site["id"], site["lon"], site["lat"])
        if key not in self._offsets:
            if site["shape"] is None:
                km, bearing = shapes.distances(site["lon"], site["lat"], self.lon, self.lat)
            else:
                km, bearing = np.array([away(x, y, site["shape"]) for x, y in zip(self.lon, self.lat)]).T
            turn = np.radians(bearing)
            self._offsets[key] = (km * np.sin(turn), km * np.cos(turn))
        return self._offsets[key]

    def km(self, site):
        """Distances in km from a site's own shape to each incident."""
        return np.hypot(*self.offsets(site))

    def severity(self, scheme):
        """m of each incident."""
        return method.severity(np.array([scheme.types[t] for t in self.type]), self.deaths, scheme.fatality_factor)

    def kernels(self, k, scheme):
        """w K at each part of the k-th site: parts by incidents."""
        rows = []
        for part, site in zip(parts_of(self.groups[k], scheme), self.groups[k]):
            rows.append(part["weight"] * scheme.kernel(self.km(site), method.error_variance(site["r90"], self.r90)))
        return np.array(rows)

    def days(self, as_of, stale, scheme=method.DEFAULT):
        """The day as of which each site is scored, None where it is not."""
        cover = coverage.Coverage(self.files, as_of.toordinal(), self.world, self.said, scheme.grace_d["security"])
        out = []
        for site in self.sites:
            until = cover.until(site)
            ended = until is not None and cover.ended(until)
            if until is None or (ended and stale != "last"):
                out.append(None)
            else:
                out.append(until if ended else as_of.toordinal())
        return out


def away(lon, lat, shape):
    """Distance in km and bearing from the point of a shape that is nearest to a place; 0 inside."""
    km = shapes.distance_to_shape(lon, lat, shape)
    if km <= INSIDE_KM:
        return 0.0, 0.0
    if shape.geom_type in ("Point", "MultiPoint"):
        points = shapely.get_coordinates(shape)
    else:
        points = shapely.get_coordinates(shapely.segmentize(shape, 0.0005))
    d, _ = shapes.distances(lon, lat, points[:, 0], points[:, 1])
    x, y = points[int(np.argmin(d))]
    return km, float(shapes.distances(x, y, [lon], [lat])[1][0])


def day_of(ordinal):
    return date.fromordinal(int(ordinal)).isoformat()
