"""Distances, areas and lengths on the WGS84 ellipsoid, brute force: kilometers, positions as lon, lat.

    python shapes.py --selftest     against fine sampling, and cases worked by hand
"""

import argparse
import math
import sys

import numpy as np
import pyproj
import shapely

GEOD = pyproj.Geod(ellps="WGS84")


def distances(lon, lat, lons, lats):
    """Kilometers and bearings (0 to 360, at the site) from one place to many."""
    lons = np.asarray(lons, float)
    n = len(lons)
    if n == 0:
        return np.zeros(0), np.zeros(0)
    azimuth, _, meters = GEOD.inv(np.full(n, lon), np.full(n, lat), lons, np.asarray(lats, float))
    return np.asarray(meters) / 1000.0, np.mod(azimuth, 360.0)


def edges_of(shape):
    """Every edge of a line or polygon as an (n, 4) array of lon, lat, lon, lat."""
    rows = []
    for geometry in getattr(shape, "geoms", [shape]):
        rings = [geometry.exterior, *geometry.interiors] if geometry.geom_type == "Polygon" else [geometry]
        for ring in rings:
            xy = np.asarray(ring.coords)[:, :2]
            rows.append(np.hstack([xy[:-1], xy[1:]]))
    return np.vstack(rows) if rows else np.zeros((0, 4))


def distance_to_edges(lon, lat, edges):
    """Kilometers to the nearest of edges that are straight in lon/lat, to well under a meter."""
    e = np.array(edges, float)
    shift = 360.0 * np.round((e[:, 0] - lon) / 360.0)  # bring each edge to the site's side of the seam
    e[:, 0] -= shift
    e[:, 2] -= shift
    d1, _ = distances(lon, lat, e[:, 0], e[:, 1])
    d2, _ = distances(lon, lat, e[:, 2], e[:, 3])
    best = float(min(d1.min(), d2.min()))
    # A degree is at most 111.7 km, so `length` bounds the edge from above, and no point of it can
    # be nearer than (d1 + d2 - length) / 2.
    flat = np.cos(np.radians(np.minimum(np.abs(e[:, 1]), np.abs(e[:, 3]))))
    flat = np.where(e[:, 1] * e[:, 3] < 0, 1.0, flat)
    length = 111.7 * (np.abs(e[:, 3] - e[:, 1]) + flat * np.abs(e[:, 2] - e[:, 0]))
    floor = np.maximum((d1 + d2 - length) / 2.0, 0.0)
    for j in np.argsort(floor):
        if floor[j] >= best:
            break
        best = min(best, _nearest_on_edge(lon, lat, e[j], length[j], best))
    return best


def _nearest_on_edge(lon, lat, edge, length, best):
    def at(t):
        return distances(lon, lat, edge[0] + t * (edge[2] - edge[0]), edge[1] + t * (edge[3] - edge[1]))[0]

    n = max(1, math.ceil(length / 0.1))  # 100 m apart
    t = np.linspace(0.0, 1.0, n + 1)
    d = at(t)
    i = int(np.argmin(d))
    if d[i] > best + 0.1:
        return float(d[i])
    low, high = t[max(i - 1, 0)], t[min(i + 1, n)]
    for _ in range(6):  # 200 m over 10^6 by repeated tenfold sampling
        t = np.linspace(low, high, 21)
        d = at(t)
        i = int(np.argmin(d))
        low, high = t[max(i - 1, 0)], t[min(i + 1, 20)]
    return float(d[i])


def distance_to_shape(lon, lat, shape):
    """Kilometers to a point, line or polygon; 0 inside a polygon."""
    if shape.geom_type in ("Point", "MultiPoint"):
        points = shapely.get_coordinates(shape)
        return float(distances(lon, lat, points[:, 0], points[:, 1])[0].min())
    # A polygon may be written beyond 180 degrees: the place is then a turn away from it.
    if shape.geom_type in ("Polygon", "MultiPolygon") and any(shapely.intersects_xy(shape, lon + turn, lat) for turn in (0.0, -360.0, 360.0)):
        return 0.0
    return distance_to_edges(lon, lat, edges_of(shape))


def circle(lon, lat, radius_km, n=720):
    """A geodesic circle, counter-clockwise, as lon/lat rows (longitudes as pyproj gives them)."""
    azimuth = -np.linspace(0.0, 360.0, n, endpoint=False)
    x, y, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), azimuth, np.full(n, radius_km * 1000.0))
    return np.column_stack([x, y])


def cap_area(lon, lat, radius_km, n=20_000):
    """Square kilometers of the geodesic cap; an n-gon is short by 6.6 / n^2 of it."""
    xy = circle(lon, lat, radius_km, n)
    area, _ = GEOD.polygon_area_perimeter(xy[:, 0], xy[:, 1])
    return abs(area) / 1e6


def covered_share(lon, lat, radius_km, shapes):
    """The share of a geodesic buffer covered by the union of polygons, on an equal-area plane."""
    forward = pyproj.Transformer.from_crs(
        "EPSG:4326", f"+proj=laea +lat_0={lat} +lon_0={lon} +ellps=WGS84 +units=m", always_xy=True
    )
    plane = lambda g: shapely.transform(g, lambda c: np.column_stack(forward.transform(c[:, 0], c[:, 1])))
    disc = shapely.Polygon(np.column_stack(forward.transform(*circle(lon, lat, radius_km).T)))
    reach_lat = radius_km / 110.0
    reach_lon = min(180.0, reach_lat / max(0.01, math.cos(math.radians(min(89.0, abs(lat) + reach_lat)))))
    box = shapely.box(lon - 1.1 * reach_lon, lat - 1.1 * reach_lat, lon + 1.1 * reach_lon, lat + 1.1 * reach_lat)
    # A buffer that goes over 180 degrees meets shapes on the other side of the seam, a turn away.
    turns = [0.0] + [t for t in (-360.0, 360.0) if box.bounds[0] < -180.0 and t < 0 or box.bounds[2] > 180.0 and t > 0]
    around = [s if t == 0.0 else shapely.transform(s, lambda c, t=t: c + (t, 0.0)) for s in shapes for t in turns]
    near = [shapely.make_valid(plane(shapely.segmentize(s.intersection(box), 0.02))) for s in around if s.intersects(box)]
    return disc.intersection(shapely.union_all(near)).area / disc.area if near else 0.0


def length_within(lon, lat, radius_km, lines):
    """Kilometers of line inside the buffer, by pieces of about 20 m."""
    total = 0.0
    for x1, y1, x2, y2 in np.vstack([edges_of(line) for line in lines]):
        _, _, meters = GEOD.inv(x1, y1, x2, y2)
        if distances(lon, lat, [x1], [y1])[0][0] - meters / 1000.0 > radius_km * 1.05:
            continue
        t = np.linspace(0.0, 1.0, max(2, math.ceil(meters / 20.0) + 1))
        x, y = x1 + t * (x2 - x1), y1 + t * (y2 - y1)
        _, _, piece = GEOD.inv(x[:-1], y[:-1], x[1:], y[1:])
        d, _ = distances(lon, lat, (x[:-1] + x[1:]) / 2, (y[:-1] + y[1:]) / 2)
        total += float(np.asarray(piece)[d <= radius_km].sum()) / 1000.0
    return total


def selftest():
    failures = []

    def check(what, got, want, tolerance=1e-9):
        ok = abs(got - want) <= tolerance
        print(f"{'ok  ' if ok else 'FAIL'} {what}: {got:.10g} (expected {want:.10g} +- {tolerance:g})")
        if not ok:
            failures.append(what)

    # Shapes: a meridian line east of the site, at its latitude.
    line = shapely.LineString([(67.0, 29.0), (67.0, 31.0)])
    brute, _ = distances(66.0, 30.0, np.full(2_000_001, 67.0), np.linspace(29.0, 31.0, 2_000_001))
    check("distance to a line", distance_to_shape(66.0, 30.0, line), float(brute.min()), 1e-6)
    seam = shapely.LineString([(-179.9, -10.0), (-179.9, 10.0)])
    check("distance over the seam", distance_to_shape(179.9, 0.0, seam), distances(179.9, 0.0, [-179.9], [0.0])[0][0], 1e-6)
    square = shapely.box(66.5, 29.5, 67.5, 30.5)
    check("inside a polygon", distance_to_shape(67.0, 30.0, square), 0.0)
    check("half a buffer is covered", covered_share(66.0, 30.0, 100.0, [shapely.box(60.0, 20.0, 66.0, 40.0)]), 0.5, 1e-4)
    seam_half = covered_share(179.9, 10.0, 100.0, [shapely.box(-180.0, 0.0, -170.0, 20.0), shapely.box(179.9, 0.0, 180.0, 20.0)])
    check("half a buffer over the seam is covered", seam_half, 0.5, 1e-4)
    flat = 2 * math.pi * 6371.0**2 * (1 - math.cos(100 / 6371.0))
    check("cap area near the sphere's", cap_area(66.0, 30.0, 100.0) / flat, 1.0, 1e-4)
    check("length in a buffer", length_within(66.0, 30.0, 10.0, [shapely.LineString([(66.0, 29.0), (66.0, 31.0)])]), 20.0, 0.05)
    beyond = shapely.box(-200.0, 29.5, -170.0, 30.5)
    check("inside a polygon written beyond -180", distance_to_shape(175.0, 30.0, beyond), 0.0)
    check("and outside of it", distance_to_shape(150.0, 30.0, beyond), distance_to_shape(150.0, 30.0, shapely.box(160.0, 29.5, 190.0, 30.5)), 1e-9)
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--selftest", action="store_true", required=True)
    parser.parse_args()
    sys.exit(selftest())
