"""Naive readers of the files the oracle is run on: just enough of each layout, nothing guessed.

    python read.py --selftest --data DIR    the known answers of the published files
"""

import argparse
import csv
import gzip
import io
import json
import math
import re
import sys
from datetime import date
from pathlib import Path

import numpy as np
import shapely

import coverage
import method

R90_OF_UCDP_PREC = {1: 3.0, 2: 25.0, 3: 50.0, 4: 220.0, 5: 75.0}  # 6 and 7 are set aside
R90_OF_ACLED_PREC = {1: 5.0, 2: 25.0, 3: 75.0}
R90_OF_ICMM = {"high": 1.0, "moderate": 5.0, "very low": 25.0}
R90_OF_GEM = {"exact": 1.0, "approximate": 10.0}
TYPE_OF_UCDP = {1: "battles", 2: "battles", 3: "violence_against_civilians"}
TYPES = {
    "explosions/remote violence": "explosions",
    "violence against civilians": "violence_against_civilians",
    "battles": "battles",
    "looting/property destruction": "looting",
    "looting or property destruction": "looting",
    "riots": "riots",
    "protests": "protests",
    "strategic developments": "strategic_developments",
    "other strategic developments": "strategic_developments",
}
NOT_EARTHQUAKES = ("nuclear explosion", "rock burst", "explosion")
# Country names that differ from Natural Earth's, as UCDP writes them.
COUNTRY_ALIAS = {
    "dr congo": "democratic republic of the congo",
    "ivory coast": "côte d'ivoire",
    "bosnia-herzegovina": "bosnia and herzegovina",
    "kingdom of eswatini": "eswatini",
    "macedonia, fyr": "north macedonia",
    "congo": "republic of the congo",
    "western sahara": "w. sahara",
    "south sudan": "s. sudan",
}


def text_of(path):
    raw = Path(path).read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    return raw.decode("utf-8-sig")


def rows_of(path):
    """Rows of a CSV, TSV or GeoJSON file as dicts; GeoJSON rows carry `geometry`."""
    text = text_of(path)
    if text.lstrip()[:1] == "{":
        rows = []
        for feature in json.loads(text)["features"]:
            row = dict(feature["properties"] or {})
            if "id" in feature and "id" not in row:
                row["id"] = feature["id"]
            row["geometry"] = shapely.from_geojson(json.dumps(feature["geometry"])) if feature["geometry"] else None
            rows.append(row)
        return rows
    delimiter = "\t" if text.split("\n", 1)[0].count("\t") > text.split("\n", 1)[0].count(",") else ","
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    if rows and sum((v or "").startswith("#") for v in rows[0].values() if not isinstance(v, list)) > 2:
        rows = rows[1:]  # the HXL row
    return rows


def first(row, *names):
    """The first of these columns that has a value, as text; None if none has."""
    for name in names:
        value = row.get(name)
        if value is not None and str(value).strip() not in ("", "N/A", "NA", "null"):
            return str(value).strip()
    return None


def number(text):
    if text is None:
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def day(text):
    """ISO date, a time after it ignored."""
    return date.fromisoformat(text[:10])


def place(row):
    """The row's shape (None for a plain point) and position: lon, lat of the point itself."""
    geometry = row.get("geometry")
    if geometry is not None and geometry.geom_type != "Point":
        return geometry, geometry.representative_point().coords[0][:2]
    if geometry is not None:
        return None, geometry.coords[0][:2]
    if first(row, "geometry_wkt", "wkt"):
        shape = shapely.from_wkt(first(row, "geometry_wkt", "wkt"))
        return (None if shape.geom_type == "Point" else shape), shape.representative_point().coords[0][:2]
    return None, (number(first(row, "lon", "longitude", "Longitude")), number(first(row, "lat", "latitude", "Latitude")))


def read_sites(path):
    """Sites in file order: {"id", "name", "lon", "lat", "r90", "shape", "country", "group", "part", "row"}."""
    sites = []
    for row in rows_of(path):
        shape, (lon, lat) = place(row)
        if lon is None or lat is None:
            continue
        r90 = number(first(row, "position_accuracy_km"))
        if r90 is None:
            code = (first(row, "confidenceFactor", "Confidence Factor") or "").lower()
            r90 = R90_OF_ICMM.get(code)
        if r90 is None:
            r90 = R90_OF_GEM.get((first(row, "Location Accuracy") or "").lower(), method.DEFAULT_R90_KM)
        sites.append(
            {
                "id": first(row, "id", "site_id"),
                "name": first(row, "name"),
                "lon": lon,
                "lat": lat,
                "r90": r90,
                "shape": shape,
                "country": first(row, "country"),
                "group": first(row, "group"),
                "part": (first(row, "part") or "mine").lower(),
                "row": row,
            }
        )
    return sites


def domain_of(row):
    """security, accident, earthquake or other; a column of that name decides, else the event types."""
    stated = first(row, "domain", "category")
    if stated:
        return stated.lower()
    types = [t.lower() for t in (first(row, "sub_event_type"), first(row, "event_type")) if t]
    for t in types:
        if t in TYPES:
            return "security"
        if "earthquake" in t:
            return "earthquake"
        if any(w in t for w in ("accident", "spill", "pollution")):
            return "accident"
    return "other"


def type_of(row):
    """The security type: the sub-event type is looked at before the event type."""
    for name in ("sub_event_type", "event_type"):
        kind = (first(row, name) or "").lower()
        if kind in TYPES:
            return TYPES[kind]
    return "unknown"


def read_records(path):
    """Every incident of a file as a dict, in the file's order.

    `vague` are places known to no more than the country: they are used in no score and no count,
    and still tell that their source was kept. `country` is None where the cell is empty.
    """
    records = []
    for row in rows_of(path):
        ucdp = "type_of_violence" in row
        prec = number(first(row, "where_prec"))
        vague = ucdp and prec in (6, 7)
        _, (lon, lat) = place(row)
        r90 = number(first(row, "position_accuracy_km"))
        if r90 is None and prec is not None and not vague:
            r90 = R90_OF_UCDP_PREC[int(prec)]
        if r90 is None and first(row, "geo_precision"):
            r90 = R90_OF_ACLED_PREC[int(number(first(row, "geo_precision")))]
        start = day(first(row, "date_start", "date", "event_date"))
        end = day(first(row, "date_end") or first(row, "date_start", "date", "event_date"))
        fatalities = number(first(row, "best") if ucdp else first(row, "fatalities")) or 0
        identity = first(row, "id", "incident_id", "event_id_cnty")
        if ucdp and re.fullmatch(r"\d+\.0", identity):
            identity = identity[:-2]
        records.append(
            {
                "id": identity,
                "domain": "security" if ucdp else domain_of(row),
                "vague": vague,
                "lon": lon,
                "lat": lat,
                "r90": method.DEFAULT_R90_KM if r90 is None else r90,
                "stated_r90": r90,
                "type": TYPE_OF_UCDP[int(number(row["type_of_violence"]))] if ucdp else type_of(row),
                "fatalities": int(fatalities),
                "first": start.toordinal(),
                "last": end.toordinal(),
                "has_country": "country" in row,
                "country": first(row, "country"),
                "magnitude": number(first(row, "magnitude")),
                "depth": number(first(row, "depth_km", "depth")),
            }
        )
    return records


def incidents_of(records, scheme=method.DEFAULT):
    """The records that can be used, as columns."""
    used = [r for r in records if not r["vague"]]
    if not used:
        return None
    of = lambda key: np.array([r[key] for r in used])
    weight = np.array([scheme.types[r["type"]] for r in used])
    return method.Incidents([r["id"] for r in used], of("lon"), of("lat"), of("r90").astype(float), weight, of("fatalities"), of("first"), of("last"))


def read_earthquakes(path):
    """USGS catalogue rows that are earthquakes."""
    quakes = []
    for row in rows_of(path):
        if (first(row, "Type", "type") or "earthquake").lower() in NOT_EARTHQUAKES:
            continue
        _, (lon, lat) = place(row)
        quakes.append({"lon": lon, "lat": lat, "depth": number(first(row, "Depth", "depth", "depth_km")), "magnitude": number(first(row, "Magnitude", "mag", "magnitude"))})
    return quakes


def read_receptors(path):
    """Rows of a receptor file in our own columns, with their shape or point."""
    out = []
    for row in rows_of(path):
        shape, (lon, lat) = place(row)
        hectares = number(first(row, "area_ha"))
        population = number(first(row, "population"))
        out.append(
            {
                "row": row,
                "kind": (first(row, "receptor_type", "kind") or "").lower(),
                "shape": shape,
                "lon": lon,
                "lat": lat,
                "r90": number(first(row, "position_accuracy_km")) or method.DEFAULT_R90_KM,
                "area_km2": number(first(row, "area_km2")) or (hectares / 100.0 if hectares else 0.0),
                "population": None if population is None else int(population),
                "value": method.sensitive_value(first(row, "iucn_category"), first(row, "designation")),
            }
        )
    return out


class Countries:
    """Natural Earth borders: in which country a place lies, and for which places a record counts.

    Two small tables of the program's go with any borders: the areas that lie within the shape of one
    country and that another calls its own, and the places that go by the name of a state too.
    """

    NAMES = ("NAME", "NAME_LONG", "ADMIN", "NAME_EN", "FORMAL_EN", "NAME_CIAWF", "name", "iso3", "ISO_A3", "ISO_A3_EH", "ADM0_A3", "ISO_A2_EH")
    # Natural Earth's own codes where ISO has others.
    CODES = {"KOS": "XKX", "SAH": "ESH", "PSX": "PSE", "SDS": "SSD", "KAB": "KAZ", "ALD": "ALA"}

    def __init__(self, path, data=Path(__file__).parents[2] / "data/borders"):
        self.rows = rows_of(path)
        for row in self.rows:
            row["names"] = {str(row[k]).lower() for k in self.NAMES if row.get(k) and row[k] != "-99"}
            row["called"] = row.get("NAME") or row.get("name")
            own = row.get("iso3") or row.get("ADM0_A3")
            iso = row.get("ISO_A3_EH")
            row["code"] = self.CODES.get(own, own if iso in (None, "-99") else iso)
            row["names"].add(row["code"].lower())
        self.by_code = {r["code"]: r for r in self.rows}
        self.tree = shapely.STRtree([r["geometry"] for r in self.rows])
        self.areas = {r["iso3"]: r for r in rows_of(data / "areas.geojson")}
        self.belongs = {(r["code"], r["state"]): r["how"] for r in rows_of(data / "belongs.csv")}
        self._counted = {}

    def at(self, lon, lat):
        """The row of the country at this place, or None at sea."""
        hits = sorted(self.tree.query(shapely.Point(lon, lat), predicate="intersects"))
        return self.rows[hits[0]] if hits else None

    def shape(self, code):
        return (self.areas.get(code) or self.by_code[code])["geometry"]

    def area_at(self, lon, lat):
        """The code of the area of two countries at this place, or None."""
        return next((c for c, a in self.areas.items() if shapely.intersects_xy(a["geometry"], lon, lat)), None)

    def nearest(self, lon, lat, within_km):
        """The row of the nearest country, and how far it is; (None, None) beyond the limit."""
        high = 1.1 * within_km / 110.0
        wide = min(180.0, high / max(0.02, math.cos(math.radians(min(abs(lat) + high, 89.0)))))
        around = self.tree.query(shapely.box(lon - wide, lat - high, lon + wide, lat + high))
        near = [(method.distance_to_shape(lon, lat, self.rows[i]["geometry"]), i) for i in around]
        return (self.rows[min(near)[1]], min(near)[0]) if near and min(near)[0] <= within_km else (None, None)

    def begins_within(self, row, lon, lat, km):
        return method.distance_to_shape(lon, lat, row["geometry"]) <= km

    def of_site(self, lon, lat, named=None, r90=0.0):
        """The country of a site: where it lies, or off the coast the nearest; another that its file names and that is near."""
        row = self.at(lon, lat)
        if row is None:
            row, _ = self.nearest(lon, lat, coverage.SITE_COAST_KM)
        other = self.named(named) if named else None
        if other is not None and other is not row and self.begins_within(other, lon, lat, coverage.NAMED_KM + r90):
            return other
        return row

    def places_of_site(self, site):
        """The places of which any, where it is covered, covers the site."""
        lon, lat = site["lon"], site["lat"]
        row = self.of_site(lon, lat, site["country"], site["r90"])
        if row is None:
            return set()
        there = self.at(lon, lat)
        place = self.area_at(lon, lat) or (there["code"] if there else self.place_off(lon, lat, coverage.SITE_COAST_KM))
        by_name = self.belongs.get((place, row["code"])) in ("territory", "disputed")
        return {row["code"], place} if by_name else {row["code"]}

    def place_off(self, lon, lat, within_km, among=None):
        """The code of the place, a country or an area, whose coast is the nearest; of these where some are given."""
        if among is None:
            row, _ = self.nearest(lon, lat, within_km)
            among = [row["code"], *self.areas] if row else []
        known = [c for c in among if c in self.by_code or c in self.areas]
        off = {c: method.distance_to_shape(lon, lat, self.shape(c)) for c in known}
        least = min(off.values(), default=math.inf)
        # A common coast is the area's.
        same = [c for c, km in off.items() if km <= least + 0.001]
        return min(same, key=lambda c: c not in self.areas) if least <= within_km else None

    def places_of_record(self, record):
        """The places for which a record counts: where it is too vague to lie anywhere, the country that it names."""
        if not record["vague"]:
            return self.places_of(record["lon"], record["lat"], record["r90"], record["country"])
        named = self.named(record["country"]) if record["country"] else None
        return {named["code"]} if named else set()

    def places_of(self, lon, lat, r90, name):
        """The places for which a record counts as collection: where it lies, and the country it names where that agrees."""
        key = (lon, lat, r90, name)
        if key not in self._counted:
            self._counted[key] = self._places_of(*key)
        return self._counted[key]

    def _places_of(self, lon, lat, r90, name):
        named = self.named(name) if name else None
        row = self.at(lon, lat)
        if named is not None and named is row and self.area_at(lon, lat) is None:
            return {row["code"]}
        place = self.area_at(lon, lat) or (row and row["code"])
        tolerance = coverage.NAMED_KM + r90
        if place is None:
            return self._places_at_sea(lon, lat, tolerance, named)
        if named is None:
            return {place}
        how = self.belongs.get((place, named["code"]))
        if how in ("territory", "disputed"):
            return {place, named["code"]}
        if self.begins_within(named, lon, lat, tolerance):
            return {named["code"]}
        return {place, named["code"]} if how else {place}

    def _places_at_sea(self, lon, lat, tolerance, named):
        """The nearest coast: of what goes by the name, then of states once part of it, then of all."""
        state = named and named["code"]
        if named is not None:
            reach = max(tolerance, coverage.SEA_KM)
            rows = [(c, how) for (c, of), how in self.belongs.items() if of == state]
            own = [state] + [c for c, how in rows if how != "former"]
            former = [c for c, how in rows if how == "former"]
            place = self.place_off(lon, lat, reach, own) or self.place_off(lon, lat, reach, former)
            if place is not None:
                return {place, state}
        place = self.place_off(lon, lat, coverage.SEA_KM)
        return {place} if place else set()

    def named(self, name):
        """The country a file calls this: the name, what stands before a bracket, or inside one."""
        plain = name.lower().strip()
        tries = [plain, *re.split(r"\s*[()]\s*", plain)]
        for t in tries + [COUNTRY_ALIAS.get(t) for t in tries]:
            for row in self.rows:
                if t and t in row["names"]:
                    return row
        return None

    def border_km(self, lon, lat):
        """Kilometers to the nearest border or coast of the country at this place: how sure `at` is."""
        row = self.at(lon, lat)
        if row is not None:
            return method.distance_to_edges(lon, lat, method.edges_of(row["geometry"]))
        near = self.tree.query_nearest(shapely.Point(lon, lat))
        return method.distance_to_shape(lon, lat, self.rows[int(near[0])]["geometry"])


# Haversine (R = 6371.0088 km), all precisions, 5/10/25/50/100 km.
KNOWN = {"Reko Diq": (0, 0, 0, 2, 7), "Saindak": (0, 0, 4, 5, 6), "Khuzdar": (0, 0, 0, 9, 19), "Degari": (163, 169, 177, 192, 231)}


def selftest(data):
    failures = []

    def check(what, got, want):
        print(f"{'ok  ' if got == want else 'FAIL'} {what}: {got}" + ("" if got == want else f" (expected {want})"))
        if got != want:
            failures.append(what)

    sites = read_sites(data / "icmm-global-mining/mines.geojson")
    check("ICMM sites", len(sites), 8508)
    r90 = [s["r90"] for s in sites]
    check("ICMM r90 1/5/25", tuple(r90.count(x) for x in (1.0, 5.0, 25.0)), (3160, 3723, 1625))
    ucdp = data / "ucdp-ged-pakistan/conflict_data_pak.csv"
    rows = rows_of(ucdp)
    check("UCDP rows", len(rows), 6416)
    records = read_records(ucdp)
    check("UCDP used and set aside", (len(incidents_of(records)), sum(r["vague"] for r in records)), (6407, 9))
    check("UCDP over several days", sum(r["date_start"][:10] != r["date_end"][:10] for r in rows), 348)
    check("UCDP countries", {r["country"] for r in records}, {"Pakistan"})
    lon = np.radians([float(r["longitude"]) for r in rows])
    lat = np.radians([float(r["latitude"]) for r in rows])
    for name, counts in KNOWN.items():
        matches = [s for s in sites if s["name"].split()[0:len(name.split())] == name.split() and s["row"]["country"] == "Pakistan"]
        found = set()
        for s in matches:
            x, y = math.radians(s["lon"]), math.radians(s["lat"])
            h = np.sin((lat - y) / 2) ** 2 + math.cos(y) * np.cos(lat) * np.sin((lon - x) / 2) ** 2
            d = 2 * 6371.0088 * np.arcsin(np.sqrt(h))
            found.add(tuple(int((d <= r).sum()) for r in method.RINGS_KM))
        check(f"haversine counts at {name}", counts in found, True)
    world = Countries(data / "natural-earth/ne_50m_admin_0_countries.geojson")
    check("country of Quetta", world.at(67.0, 30.2)["ADMIN"], "Pakistan")
    check("no country at sea", world.at(62.0, 22.0), None)
    sample = read_records(data / "ucdp-ged-sample/ucdpged.derived.csv")
    check("UCDP sample used and set aside", len(sample), 1000)
    check("UCDP sample countries without a border", {r["country"] for r in sample if world.named(r["country"]) is None}, set())
    quakes = read_earthquakes(data / "usgs-earthquakes-m55/earthquakes.csv")
    check("USGS earthquakes", len(quakes), 23232)
    facts = rows_of(data / "pakistan-facts/incidents.csv")
    check("own columns: security of unknown type", [r["incident_id"] for r in facts if domain_of(r) == "security" and type_of(r) == "unknown" and "ooting" not in r["sub_event_type"]], [])
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--selftest", action="store_true", required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of published files, one folder each")
    sys.exit(selftest(parser.parse_args().data))
