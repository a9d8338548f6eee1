"""Rivers that say into which reach they flow, from the text of METHOD and FORMATS: brute force, a point each few meters.

    python rivers.py --selftest     a small network, worked by hand
"""

import argparse
import math
import sys
from dataclasses import dataclass

import numpy as np
import shapely

from shapes import GEOD, distance_to_shape, distances, edges_of, distance_to_edges

STEP_KM = 0.01
TOUCH_KM = 0.1  # a reach touches another's end within this
GAP_KM = 5.0  # gaps up to this count as straight lines


def id_of(text):
    """12 and 12.0 are the same id."""
    text = str(text).strip()
    return text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text


def next_of(text):
    """The id of the next reach; None for 0, a negative number and a missing value."""
    if text is None:
        return None
    try:
        return None if float(text) <= 0 else id_of(text)
    except ValueError:
        return id_of(text)


def dense(points):
    """The same line with a point each few meters, straight in degrees between them."""
    rows = [points[:1]]
    for a, b in zip(points[:-1], points[1:]):
        km = float(distances(a[0], a[1], [b[0]], [b[1]])[0][0])
        t = np.linspace(0.0, 1.0, max(1, math.ceil(km / STEP_KM)) + 1)[1:, None]
        rows.append(a + t * (b - a))
    return np.vstack(rows)


def lengths(points):
    """Kilometers along the line at each of its points."""
    if len(points) < 2:
        return np.zeros(len(points))
    _, _, meters = GEOD.inv(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    return np.concatenate([[0.0], np.cumsum(np.asarray(meters) / 1000.0)])


@dataclass
class Way:
    """A way downstream: its points, and the kilometers along it at each of them."""

    points: np.ndarray
    km: np.ndarray

    def upto(self, km):
        keep = self.km <= km
        return Way(self.points[keep], self.km[keep])

    def passes(self, receptor, beside_km):
        """Where it passes a point, at the place nearest to it, or first comes near a line or an area; None where it does not."""
        if len(self.points) == 0:
            return None
        shape = receptor.get("shape")
        if shape is None:
            d, _ = distances(receptor["lon"], receptor["lat"], self.points[:, 0], self.points[:, 1])
            radius = receptor.get("circle_km", 0.0)
            if radius > 0.0:
                near = np.flatnonzero(d - radius <= beside_km)
                return float(self.km[near[0]]) if len(near) else None
            i = int(np.argmin(d))
            return float(self.km[i]) if d[i] <= beside_km else None
        box = shapely.box(*shape.bounds).buffer(beside_km / 111.0 / max(0.05, math.cos(math.radians(self.points[0, 1]))) * 1.5)
        within = shapely.intersects_xy(box, self.points[:, 0], self.points[:, 1])
        for i in np.flatnonzero(within):
            if distance_to_shape(self.points[i, 0], self.points[i, 1], shape) <= beside_km:
                return float(self.km[i])
        return None


def is_id(key):
    """Whether a next id names a reach; none, 0 and below say that there is none."""
    try:
        return float(key) > 0
    except (TypeError, ValueError):
        return bool(key)


class Network:
    """Reaches by id: {"line", "next", "name"}; none of them where no reach names a next one."""

    def __init__(self, rivers):
        lines = [r for r in rivers if r["shape"] is not None and "Line" in r["shape"].geom_type]
        self.reaches = {}
        for r in lines:
            parts = [np.asarray(g.coords)[:, :2] for g in getattr(r["shape"], "geoms", [r["shape"]])]
            self.reaches.setdefault(id_of(r["id"]), {"shape": r["shape"], "drawn": np.vstack(parts), "next": next_of(r["next_id"]), "name": r["name"]})
        if not any(r["next"] for r in self.reaches.values()):
            self.reaches = {}
        for key, reach in self.reaches.items():
            reach["edges"] = edges_of(reach["shape"])
            reach["above"] = [k for k, other in self.reaches.items() if other["next"] == key and k != key]
        self._flow = {}

    def km_to(self, lon, lat, key):
        return distance_to_edges(lon, lat, self.reaches[key]["edges"])

    def flowing(self, key):
        """A reach's points in the order in which it flows, dense, and the lengths along it."""
        if key not in self._flow:
            reach = self.reaches[key]
            drawn, below = reach["drawn"], reach["next"]
            start, end = drawn[0], drawn[-1]
            if below in self.reaches and below != key:
                turned = self.km_to(*start, below) < self.km_to(*end, below)
            else:
                touches = lambda p, k: self.km_to(*p, k) <= TOUCH_KM
                turned = any(touches(end, k) and not touches(start, k) for k in reach["above"])
            points = dense(drawn[::-1] if turned else drawn)
            self._flow[key] = (points, lengths(points))
        return self._flow[key]

    def near(self, lon, lat, within_km):
        """(kilometers, id) of the reaches within so far, the nearest first."""
        degrees = within_km / 100.0
        wide = degrees / max(0.05, math.cos(math.radians(lat)))
        close = [k for k, r in self.reaches.items() if r["shape"].bounds[0] - wide <= lon <= r["shape"].bounds[2] + wide and r["shape"].bounds[1] - degrees <= lat <= r["shape"].bounds[3] + degrees]
        found = [(self.km_to(lon, lat, k), k) for k in close]
        return sorted((d, k) for d, k in found if d <= within_km)

    def course(self, lon, lat, key, follow_km):
        """The way down from the place on this reach that is nearest, so many kilometers far."""
        pieces, seen, at = [], set(), (lon, lat)
        length, cut = 0.0, False
        while True:
            points, _ = self.flowing(key)
            d, _ = distances(*at, points[:, 0], points[:, 1])
            i = int(np.argmin(d))
            if pieces and d[i] > GAP_KM:
                cut = True
                break
            pieces.append(points[i:])
            seen.add(key)
            length += lengths(points[i:])[-1]
            at = tuple(points[-1])
            key = self.reaches[key]["next"]
            if key not in self.reaches:
                cut = is_id(key)
                break
            if key in seen or length > follow_km:
                break
        points = dense(np.vstack(pieces))
        way = Way(points, lengths(points)).upto(follow_km)
        # Of what follows where the rivers that were given end, nothing is known.
        way.known = min(1.0, length / follow_km) if cut else 1.0
        return way

    def release(self, lon, lat, snap_km, follow_km):
        """The way of a release: straight to the nearest reach, then down; None where no reach is near."""
        near = self.near(lon, lat, snap_km)
        if not near:
            return None
        down = self.course(lon, lat, near[0][1], follow_km)
        points = dense(np.vstack([[(lon, lat)], down.points]))
        return Way(points, lengths(points)).upto(follow_km)


def selftest():
    failures = []

    def check(what, got, want, tolerance=0.02):
        ok = (got is None and want is None) or (got is not None and want is not None and abs(got - want) <= tolerance)
        print(f"{'ok  ' if ok else 'FAIL'} {what}: {got} (expected {want})")
        if not ok:
            failures.append(what)

    line = lambda *xy: shapely.LineString(xy)
    degree = float(distances(0.0, 0.0, [0.1], [0.0])[0][0])  # 11.132 km
    made = [
        {"id": "1", "next_id": "2.0", "name": None, "shape": line((0.2, 0.0), (0.1, 0.0))},  # drawn downstream
        {"id": "2", "next_id": "3", "name": None, "shape": line((-0.1, 0.0), (0.1, 0.0))},  # drawn upstream
        {"id": "3", "next_id": "0", "name": None, "shape": line((-0.3, 0.0), (-0.1, 0.0))},  # the last, its end touched
        {"id": "4", "next_id": "2", "name": None, "shape": line((0.0, 0.1), (0.0, 0.01))},  # joins the second midway, with a gap
        {"id": "5", "next_id": "9", "name": None, "shape": line((5.0, 0.0), (5.1, 0.0))},  # leads nowhere
    ]
    rivers = Network(made)
    way = rivers.course(0.15, 0.001, "1", 100.0)
    check("the whole way", float(way.km[-1]), 4.5 * degree)
    check("a village at the end of the second", way.passes({"lon": -0.1, "lat": 0.01, "shape": None}, 2.0), 2.5 * degree)
    check("three kilometers off", way.passes({"lon": -0.1, "lat": 0.03, "shape": None}, 2.0), None)
    way = rivers.course(0.001, 0.05, "4", 100.0)
    check("over the gap and on from where it joins", way.passes({"lon": -0.1, "lat": 0.0, "shape": None}, 2.0), 0.5 * 11.0574 + degree, 0.03)
    area = shapely.box(-0.25, 0.01, -0.2, 0.1)
    check("an area is where the way first comes near", rivers.course(-0.1, 0.0, "3", 100.0).passes({"shape": area}, 1.5), degree - math.sqrt(1.5**2 - 1.10574**2), 0.03)
    check("what is upstream", rivers.course(-0.1, 0.0, "3", 100.0).passes({"lon": 0.1, "lat": 0.0, "shape": None}, 2.0), None)
    check("a next reach that is nowhere", float(rivers.course(5.0, 0.0, "5", 100.0).km[-1]), degree)
    check("no direction where all say 0", float(len(Network([{**made[2]}]).reaches)), 0.0)
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--selftest", action="store_true", required=True)
    parser.parse_args()
    sys.exit(selftest())
