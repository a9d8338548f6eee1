"""Makes `basemap/world.bin`: provinces, rivers, lakes and towns of the world for the map behind the sites.

All of it is Natural Earth's at 1:10m. Lines are simplified to about a kilometer, and each thing has the least zoom
(of maps on the web, with tiles of 256 pixels) at which it is drawn, so that minor ones appear on zooming in. What
would take a position on the status of a territory is left out, see `apart`.

The file is deflated (zlib). Inside are, for each of `SECTIONS` in this order: the number of features, and of each
feature the tenths of its least zoom, the length of its name and the name in UTF-8, the number of its lines, and
of each line the number of its places and the places, as differences of longitude and latitude, in thousandths of a
degree, from the place before, at first from 0, 0. All numbers are LEB128; differences are zigzag.
"""

import math
import zlib

import shapely
from shapely.geometry import box, shape
from shapely.ops import linemerge

from packages import shapes, world_map
from topology import flatten

SECTIONS = ("provinces", "rivers", "lakes", "towns", "names")

# Thousandths of a degree; the tolerance of lines in degrees, about a kilometer.
STEPS = 1000
TOLERANCE = 0.008

# Above this zoom Natural Earth has hardly more than communes of a few countries.
DEEPEST = 9.0

# Provinces are drawn a little before Natural Earth's zoom, which suits maps crowded with roads.
EARLIER = 0.8

# The least zoom of towns and rivers by Natural Earth's rank.
TOWNS = [3, 3.5, 4, 4.7, 5.3, 5.7, 6.3, 7, 8, 9, 9]
RIVERS = [1.5, 2, 2.5, 3.5, 4.5, 5, 6, 6.7, 7.3, 8, 9]

# Lines of water and of statistics are no borders of provinces.
PROVINCES = {"Admin-1 boundary", "Admin-1 region boundary", "Admin-1 statistical boundary"}
NO_TOWNS = {"Historic place", "Scientific station"}

# Names that have changed since, or that nobody says.
CALLED = {
    ("PAK", "Baluchistan"): "Balochistan",
    ("PAK", "Sind"): "Sindh",
    ("PAK", "K.P."): "Khyber Pakhtunkhwa",
    ("PAK", "F.C.T."): "Islamabad",
    ("IND", "Orissa"): "Odisha",
    ("IND", "Uttaranchal"): "Uttarakhand",
}

# Countries and territories whose status or extent is disputed as a whole: no provinces in them.
COUNTRIES_APART = {"CYN", "CYP", "ISR", "PSX", "KOS", "SOL", "SAH", "TWN", "KAS", "CNM", "ESB", "WSB"}

# Provinces that lie in areas of more than one claim, or along the line of such a claim.
PROVINCES_APART = {
    "IND": {"Jammu and Kashmir", "Arunachal Pradesh", "Ladakh"},
    "PAK": {"Azad Kashmir", "Northern Areas", "Gilgit-Baltistan", "F.A.T.A."},
    "RUS": {"Crimea", "Sevastopol"},
    "UKR": {"Crimea", "Sevastopol", "Donets'k", "Luhans'k", "Kherson", "Zaporizhzhya"},
    "MAR": {"Laâyoune - Boujdour - Sakia El Hamra", "Oued el Dahab", "Guelmim - Es-Semara"},
    "GEO": {"Abkhazia", "South Ossetia"},
    "MDA": {"Transnistria", "Bender"},
    "SRB": {"Kosovo"},
    "AZE": {"Dağlıq Qarabağ"},
}

# Boxes around areas of more than one claim, which contain parts of provinces.
BOXES = [
    (72.5, 32.2, 80.5, 37.1),  # Kashmir
    (78.3, 30.4, 80.4, 32.6),  # between Himachal Pradesh, Uttarakhand and Tibet
    (91.5, 26.6, 97.5, 29.6),  # Arunachal Pradesh
    (-17.2, 20.7, -8.6, 27.7),  # Western Sahara
    (33.0, 21.9, 37.3, 23.3),  # Hala'ib and Bir Tawil
    (27.7, 9.2, 29.1, 10.5),  # Abyei
    (35.0, 4.2, 36.1, 5.6),  # Ilemi
    (46.0, 38.9, 47.7, 40.6),  # Nagorno-Karabakh
    (39.9, 42.4, 42.2, 43.6),  # Abkhazia
    (43.4, 41.9, 44.7, 42.7),  # South Ossetia
    (28.1, 46.3, 30.1, 48.2),  # Transnistria
    (41.8, 3.9, 49.1, 11.6),  # Somaliland, and between Ethiopia and Somalia
    (-61.5, 1.1, -58.0, 8.6),  # west of the Essequibo
    (-57.7, 1.8, -54.0, 3.5),  # the south of Suriname
]

# Around a disputed border, in degrees.
BESIDE = 0.06


def apart(cache):
    """What no border of a province is drawn in: areas of more than one claim, and what lies along disputed borders."""
    disputed = [line.buffer(BESIDE) for _, line in world_map(cache, "name", "disputed_borders")]
    return shapely.union_all(disputed + [box(*corners) for corners in BOXES])


def is_apart(code, names):
    return code in COUNTRIES_APART or not PROVINCES_APART.get(code, set()).isdisjoint(names)


def simple(line):
    """A line without the places that change it by less than the tolerance."""
    return line.simplify(TOLERANCE, preserve_topology=False)


def merged(parts):
    """Lines joined where just two meet, each in one direction, in a fixed order."""
    whole = linemerge([line for part in parts for line in flatten(part, "LineString")])
    return sorted((shapely.normalize(simple(line)) for line in flatten(whole, "LineString")), key=lambda line: line.wkt)


def provinces(cache):
    """The borders of provinces by least zoom, one line a feature."""
    out, by_zoom = apart(cache), {}
    for fields, geometry in shapes(cache, "provinces_10m"):
        sides = {fields["name_l"], fields["name_r"]}
        if fields["featurecla"] in PROVINCES and fields["min_zoom"] <= DEEPEST and not is_apart(fields["adm0_a3"], sides):
            zoom = round(fields["min_zoom"] - EARLIER, 1)
            by_zoom.setdefault(zoom, []).append(shape(geometry).difference(out))
    for zoom, parts in sorted(by_zoom.items()):
        yield from ((zoom, "", [line]) for line in merged(parts))


def rivers(cache):
    """Rivers by least zoom and name, each stretch a feature."""
    found = {}
    for fields, geometry in shapes(cache, "rivers_10m"):
        key = (RIVERS[round(fields["scalerank"])], (fields["name"] or "").strip())
        found.setdefault(key, []).append(shape(geometry))
    for (zoom, name), parts in sorted(found.items()):
        yield from ((zoom, name, [line]) for line in merged(parts))


def lakes(cache):
    """Lakes, each area a feature: its shore, and the shores of its islands."""
    found = []
    for fields, geometry in shapes(cache, "lakes_10m"):
        zoom = max(fields["min_zoom"], 0)
        for area in flatten(shapely.make_valid(shape(geometry)), "Polygon"):
            for kept in flatten(shapely.make_valid(area.simplify(TOLERANCE)), "Polygon"):
                if zoom <= DEEPEST and kept.area > 4e-4:
                    kept = shapely.normalize(kept)
                    islands = [ring for ring in kept.interiors if shapely.Polygon(ring).area > 4e-4]
                    found.append((zoom, (fields["name"] or "").strip(), [kept.exterior, *islands]))
    return sorted(found, key=lambda lake: (lake[0], lake[1], lake[2][0].wkt))


def towns(cache):
    """Towns by rank, those of a rank by what they are: capitals of countries first, then the others by their people. Of
    what a town is the capital is not told."""
    found = {}
    for fields, geometry in shapes(cache, "places_10m"):
        if fields["featurecla"] not in NO_TOWNS:
            zoom, name, place = TOWNS[fields["scalerank"]], fields["name"].strip(), tuple(geometry["coordinates"])
            order = (zoom, not fields["featurecla"].startswith("Admin-0 capital"), -fields["pop_max"], name, place)
            found[zoom, name, place] = min(order, found.get((zoom, name, place), order))
    return [(zoom, name, [[place]]) for zoom, *_, name, place in sorted(found.values())]


def names(cache):
    """The names of provinces, each in the middle of its largest area, from where it fits into it."""
    out = apart(cache)
    least = {}
    for fields, _ in shapes(cache, "provinces_10m"):
        code = fields["adm0_a3"]
        least[code] = min(fields["min_zoom"], least.get(code, DEEPEST + 1))
    found = []
    for code, name, whole in world_map(cache, "adm0_a3, name", "states_provinces"):
        if not name or is_apart(code, {name}) or code not in least:
            continue
        largest = max(flatten(whole, "Polygon"), key=lambda area: area.area)
        middle = shapely.maximum_inscribed_circle(largest, tolerance=0.05)
        place, reach = middle.coords[0], middle.length
        if out.contains(shapely.Point(place)):
            continue
        name = CALLED.get((code, name), name)
        # A letter is 7 pixels wide; a degree of longitude has 256 / 360 pixels at zoom 0.
        fits = math.log2(max(len(name) * 7 / (3 * reach * 256 / 360), 1))
        zoom = round(max(fits, least[code] - EARLIER), 1)
        if zoom <= DEEPEST:
            found.append((zoom, name, [[place]]))
    return sorted(found)


def leb(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out + bytes([number]))


def zigzag(number):
    return leb(number * 2 if number >= 0 else -number * 2 - 1)


def packed(features):
    """A section as bytes."""
    rows, before, count = bytearray(), (0, 0), 0
    for zoom, name, parts in sorted(features, key=lambda feature: feature[0]):
        lines = []
        for part in parts:
            places = [(round(x * STEPS), round(y * STEPS)) for x, y in getattr(part, "coords", part)]
            places = [at for at, last in zip(places, [None, *places]) if at != last]
            if len(places) > 1 or not hasattr(part, "coords"):
                lines.append(places)
        if not lines:
            continue
        count += 1
        text = name.encode()
        rows += bytes([round(zoom * 10)]) + leb(len(text)) + text + leb(len(lines))
        for places in lines:
            rows += leb(len(places))
            for x, y in places:
                rows += zigzag(x - before[0]) + zigzag(y - before[1])
                before = (x, y)
    return leb(count) + bytes(rows)


def make(cache, out):
    """Writes the file; one of the same content stays as it is, since other versions of zlib deflate otherwise."""
    out.mkdir(parents=True, exist_ok=True)
    made = {"provinces": provinces, "rivers": rivers, "lakes": lakes, "towns": towns, "names": names}
    whole = b"".join(packed(made[section](cache)) for section in SECTIONS)
    file = out / "world.bin"
    if not file.exists() or zlib.decompress(file.read_bytes()) != whole:
        file.write_bytes(zlib.compress(whole, 9))
