"""Turns TopoJSON into shapely geometries that follow RFC 7946.

Rings that run over the antimeridian or around a pole are cut there, rings are
right-handed, and coordinates lie on a grid of 0.0001 degree (about 11 m).
"""

import json

import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, box, mapping
from shapely.geometry.polygon import orient

GRID = 1e-4


def decode_arcs(topology):
    """Every arc of a quantized topology as a list of (lon, lat)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def stitch(arcs, indices):
    """One line out of arc indices; `~i` stands for arc i run backwards."""
    line = []
    for i in indices:
        arc = arcs[i] if i >= 0 else arcs[~i][::-1]
        line.extend(arc[1:] if line else arc)
    return line


def unwrap(ring):
    """The ring with longitudes made continuous; one that circles a pole is closed over it."""
    out = [ring[0]]
    for x, y in ring[1:]:
        while x - out[-1][0] > 180:
            x -= 360
        while x - out[-1][0] < -180:
            x += 360
        out.append((x, y))
    if abs(out[-1][0] - out[0][0]) > 180:
        pole = 90.0 if sum(y for _, y in out) > 0 else -90.0
        out += [(out[-1][0], pole), (out[0][0], pole), out[0]]
    return out


def beside(hole, shell):
    """The hole moved by whole turns to lie inside the span of its shell."""
    low, high = min(x for x, _ in shell), max(x for x, _ in shell)
    for turn in (0, 360, -360):
        if all(low - GRID <= x + turn <= high + GRID for x, _ in hole):
            return [(x + turn, y) for x, y in hole]
    return hole


def polygons(arcs, geometry):
    """The polygons of a TopoJSON Polygon or MultiPolygon, cut at the antimeridian."""
    parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    pieces = []
    for rings in parts:
        shell, *holes = [unwrap(stitch(arcs, ring)) for ring in rings]
        whole = shapely.make_valid(Polygon(shell, [beside(hole, shell) for hole in holes]))
        for turn in (-360, 0, 360):
            strip = whole.intersection(box(-180 + turn, -90, 180 + turn, 90))
            pieces.append(translate(strip, xoff=-turn))
    return areas(shapely.union_all(pieces))


def areas(geometry):
    """A right-handed MultiPolygon on the grid, its parts in a fixed order."""
    snapped = shapely.make_valid(shapely.set_precision(geometry, GRID))
    parts = [orient(p, 1.0) for p in flatten(snapped, "Polygon") if p.area > 0]
    return MultiPolygon(sorted((orient(shapely.normalize(p), 1.0) for p in parts), key=lambda p: p.wkt))


def lines(geometry):
    """A LineString or MultiLineString on the grid, its parts in a fixed order."""
    snapped = shapely.set_precision(geometry, GRID)
    parts = sorted(flatten(snapped, "LineString"), key=lambda p: p.wkt)
    return parts[0] if len(parts) == 1 else MultiLineString(parts)


def flatten(geometry, kind):
    """The simple parts of one kind inside any geometry."""
    if geometry.geom_type == kind:
        return [] if geometry.is_empty else [geometry]
    return [p for g in getattr(geometry, "geoms", []) for p in flatten(g, kind)]


def line(arcs, geometry):
    """A TopoJSON LineString or MultiLineString."""
    parts = [geometry["arcs"]] if geometry["type"] == "LineString" else geometry["arcs"]
    return MultiLineString([LineString(stitch(arcs, indices)) for indices in parts])


def rounded(value):
    """Coordinates to four decimals, whole numbers without a point."""
    if isinstance(value, (tuple, list)):
        return [rounded(v) for v in value]
    number = round(value, 4)
    return int(number) if number == int(number) else number


def feature(properties, geometry):
    """A GeoJSON Feature whose coordinates are rounded."""
    shape = mapping(geometry)
    return {"type": "Feature", "properties": properties,
            "geometry": {"type": shape["type"], "coordinates": rounded(shape["coordinates"])}}


def write_collection(path, features):
    """A FeatureCollection with one feature per line, so that differences can be read."""
    rows = [json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features]
    path.write_text('{"type":"FeatureCollection","features":[\n' + ",\n".join(rows) + "\n]}\n", encoding="utf-8")
