"""Checks every polygon of a run's rings.geojson against the geodesic cap it stands for.

    python compare_rings.py OUTDIR [--radius-key K] [--site-key K]

The center is the site's point in sites.geojson; sites that came as lines or polygons (those in
footprints.geojson) have no single center and are checked for validity only.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import shapely

import method
import shapes
from table import Table

AREA_TOLERANCE = 0.001
VERTEX_TOLERANCE_M = 1.0
RADIUS_KEYS = ("radius_km", "ring_km", "buffer_km", "within_km", "distance_km", "km")
SITE_KEYS = ("site_id", "site", "of_site")


def key_of(properties, given, usual, what):
    """The property that holds it: as told, or one of the usual names."""
    if given:
        return given
    for key in usual:
        if key in properties:
            return key
    sys.exit(f"rings.geojson: no property is the {what}: {list(properties)}; give --{what}-key")


def straight_area(polygon):
    """Square kilometers with the edges straight in lon/lat, as RFC 7946 has them and QGIS draws them."""
    dense = shapely.segmentize(polygon, 0.01)
    return abs(shapes.GEOD.geometry_area_perimeter(dense)[0]) / 1e6


def on_seam(lon, lat):
    return (np.abs(np.abs(lon) - 180.0) < 1e-9) | (np.abs(np.abs(lat) - 90.0) < 1e-9)


def check(table, where, geometry, center, radius_km):
    table.true("valid (shapely)", where, shapely.is_valid(geometry), shapely.is_valid_reason(geometry))
    lon, lat = shapely.get_coordinates(geometry).T
    table.true("lon within [-180, 180]", where, bool((np.abs(lon) <= 180).all() and (np.abs(lat) <= 90).all()), f"{lon.min()} to {lon.max()}")
    parts = list(getattr(geometry, "geoms", [geometry]))
    for part in parts:
        table.true("right-handed", where, part.exterior.is_ccw, "a clockwise exterior")
        table.same("no holes", where, len(part.interiors), 0)
        x = np.asarray(part.exterior.coords)[:, 0]
        table.true("no edge over 180 degrees", where, bool((np.abs(np.diff(x)) <= 180).all() or (np.abs(lat) > 89.999999).any()), "an edge spans more than half the globe")
    if center is None:
        return
    cap = shapes.cap_area(*center, radius_km)
    area = sum(abs(shapes.GEOD.geometry_area_perimeter(p)[0]) for p in parts) / 1e6
    table.near("area / cap, geodesic edges", where, area / cap, 1.0, AREA_TOLERANCE)
    table.near("area / cap, lon/lat edges", where, sum(map(straight_area, parts)) / cap, 1.0, AREA_TOLERANCE)
    free = ~on_seam(lon, lat)
    d, _ = shapes.distances(*center, lon[free], lat[free])
    off = np.abs(d - radius_km) * 1000.0
    table.near("vertex off the radius, m", where, float(off.max()) if len(off) else 0.0, 0.0, VERTEX_TOLERANCE_M)
    # On the seam a vertex is a cut: it may lie inside the circle, never outside of it.
    beyond, _ = shapes.distances(*center, lon[~free], lat[~free])
    table.true("seam vertices inside", where, bool((beyond <= radius_km + 0.001).all()), "a cut outside of the ring")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUTDIR")
    parser.add_argument("--radius-key")
    parser.add_argument("--site-key")
    args = parser.parse_args()
    load = lambda name: json.loads((args.out / name).read_text(encoding="utf-8"))["features"]
    centers = {f["id"]: tuple(f["geometry"]["coordinates"][:2]) for f in load("sites.geojson")}
    shaped = set()
    if (args.out / "footprints.geojson").exists():
        for f in load("footprints.geojson"):
            shaped |= {f["id"], *(f["properties"].get(k) for k in SITE_KEYS)}
    rings = load("rings.geojson")
    table = Table()
    seen = {}
    for feature in rings:
        properties = feature["properties"]
        radius = properties[key_of(properties, args.radius_key, RADIUS_KEYS, "radius")]
        site = properties[key_of(properties, args.site_key, SITE_KEYS, "site")]
        where = f"{feature['id']} ({site}, {radius} km)"
        seen.setdefault(site, []).append(float(radius))
        table.true("site of a ring", where, site in centers, f"{site!r} is not in sites.geojson")
        center = None if site in shaped else centers.get(site)
        check(table, where, shapely.from_geojson(json.dumps(feature["geometry"])), center, float(radius))
    for site, radii in seen.items():
        table.same("radii of a site", site, sorted(radii), sorted(map(float, method.RINGS_KM)))
    print(f"{len(rings)} rings of {len(seen)} sites")
    return table.report()


if __name__ == "__main__":
    sys.exit(main())
