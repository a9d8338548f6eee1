"""Makes `borders/`: the polygons that tell which country a point lies in, the
areas within them that another country calls its own, and the names by which
public data sets call each country.

Natural Earth is taken as it stands; the project takes no position on status.
"""

import csv

import names
from shapely.geometry import LineString, MultiPolygon, Point
from shapely.ops import split

from packages import read
from topology import areas, decode_arcs, feature, polygons, write_collection

# Natural Earth's own codes, for territories that ISO 3166-1 does not list apart.
UNLISTED = {
    "Kosovo": "XKX",
    "Somaliland": "SOL",
    "N. Cyprus": "CYN",
    "Siachen Glacier": "KAS",
    "Indian Ocean Ter.": "IOA",
}

# Territories drawn inside another country's shape, or under a shared code.
DRAWN_WITHIN = {
    "GUF": "FRA", "GLP": "FRA", "MTQ": "FRA", "MYT": "FRA", "REU": "FRA",
    "SJM": "NOR", "BVT": "NOR", "BES": "NLD", "TKL": "NZL", "CXR": "IOA", "CCK": "IOA",
}

# Areas that lie within the shape of one country and that another calls its own: a place in the area, and
# between which corners of the shape it is cut off, where it is not a polygon by itself.
APART = {
    "CRM": ("Crimea", "RUS", (34.1, 45.2), None),
    "WSH": ("Western Sahara, western part", "MAR", (-12.8, 26.3), [(-13.1743, 27.6552), (-8.8183, 27.6569)]),
}

# A name that the list gives to two countries stays with the one that others mean.
NOT_MEANT = {("COD", "Congo")}


def countries(cache):
    """iso3 -> (name, MultiPolygon), from 1:50m; what 1:50m lacks from 1:10m."""
    iso3 = {numeric: alpha3 for _, alpha3, numeric, _ in read(cache, "iso_codes")}
    found = {}
    for key in ("countries_50m", "countries_10m"):
        topology = read(cache, key)
        arcs = decode_arcs(topology)
        new = {}
        for geometry in topology["objects"]["countries"]["geometries"]:
            name = geometry["properties"]["name"]
            code = iso3.get(geometry.get("id")) or UNLISTED.get(name)
            if code is None or code in found:
                continue
            shape = polygons(arcs, geometry)
            if code in new:  # Ashmore and Cartier Is. carry Australia's code
                old_name, old = new[code]
                name, shape = (old_name if old.area > shape.area else name), areas(old.union(shape))
            new[code] = (name, shape)
        for code, (name, shape) in new.items():
            for other, (other_name, drawn) in list(found.items()):
                if drawn.intersects(shape):
                    found[other] = (other_name, areas(drawn.difference(shape)))
        found.update(new)
    return found


def apart(found):
    """Features of the areas within countries."""
    for code, (name, within, place, cut) in APART.items():
        polygon = next(p for p in found[within][1].geoms if p.contains(Point(place)))
        if cut:
            polygon = next(p for p in split(polygon, LineString(cut)).geoms if p.contains(Point(place)))
        yield feature({"iso3": code, "name": name, "within": within}, MultiPolygon([polygon]))


def named(cache, found, folder):
    """(iso3, name) rows of codes, English names and names that data sets use."""
    spoken = read(cache, "iso_names")["countries"]
    rows = [(code, name) for code, (name, _) in found.items()]
    for alpha2, alpha3, _, code in iso(cache):
        known = spoken.get(alpha2, [])
        rows += [(code, n) for n in [alpha2, alpha3, *([known] if isinstance(known, str) else known)]
                 if (code, n) not in NOT_MEANT]
    rows += [(code, code) for code in UNLISTED.values()]
    with open(folder / "aliases.csv", encoding="utf-8", newline="") as file:
        rows += [(row["iso3"], row["name"]) for row in csv.DictReader(file)]
    return rows


def iso(cache):
    """(alpha-2, alpha-3, number, code here) of every country of ISO 3166-1 and of Kosovo."""
    return [(alpha2, alpha3, numeric, "XKX" if alpha2 == "XK" else DRAWN_WITHIN.get(alpha3, alpha3))
            for alpha2, alpha3, numeric, _ in read(cache, "iso_codes")]


def make(cache, out, folder):
    """Writes `countries.geojson`, `areas.geojson` and `names.csv`; gives the shapes for other steps."""
    out.mkdir(parents=True, exist_ok=True)
    found = countries(cache)
    write_collection(out / "countries.geojson",
                     [feature({"iso3": code, "name": found[code][0]}, found[code][1]) for code in sorted(found)])
    write_collection(out / "areas.geojson", list(apart(found)))
    names.make(cache, out, folder, named(cache, found, folder), set(found), iso(cache))
    return found
