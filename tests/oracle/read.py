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

import method
import surroundings

R90_OF_UCDP_PREC = {1: 3.0, 2: 25.0, 3: 50.0, 4: 220.0, 5: 75.0}  # 6 and 7 are set aside
R90_OF_ACLED_PREC = {1: 5.0, 2: 25.0, 3: 75.0}
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
CLASSES = ("low", "significant", "high", "very high", "extreme")
NOT_EARTHQUAKES = ("nuclear explosion", "rock burst", "explosion")


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
                "low": number(first(row, "low" if ucdp else "fatalities_low")),
                "high": number(first(row, "high" if ucdp else "fatalities_high")),
                "first": start.toordinal(),
                "last": end.toordinal(),
                "has_country": "country" in row,
                "country": first(row, "country"),
                "magnitude": number(first(row, "magnitude")),
                "depth": number(first(row, "depth_km", "depth")),
            }
        )
    return records


PEACEFUL = ("protests", "strategic_developments")


def incidents_of(records, scheme=method.DEFAULT):
    """The records that can be used, as columns."""
    used = [r for r in records if not r["vague"]]
    if not used:
        return None
    of = lambda key: np.array([r[key] for r in used])
    weight = np.array([scheme.types[r["type"]] for r in used])
    violent = np.array([r["type"] not in PEACEFUL or r["fatalities"] > 0 for r in used])
    return method.Incidents([r["id"] for r in used], of("lon"), of("lat"), of("r90").astype(float), weight, of("fatalities"), of("first"), of("last"), violent)


def read_earthquakes(path):
    """USGS catalogue rows that are earthquakes."""
    quakes = []
    for row in rows_of(path):
        if (first(row, "Type", "type") or "earthquake").lower() in NOT_EARTHQUAKES:
            continue
        _, (lon, lat) = place(row)
        quakes.append({"lon": lon, "lat": lat, "depth": number(first(row, "Depth", "depth", "depth_km")), "magnitude": number(first(row, "Magnitude", "mag", "magnitude"))})
    return quakes


def dam_of(row, lon, lat):
    """What a row says of tailings: class (None where it is not known), height and volume; None where it says nothing."""
    word = (first(row, "tailings_class", "consequence_class") or "").lower().replace("_", " ")
    height, volume = number(first(row, "tailings_height_m", "dam_height_m")), number(first(row, "tailings_volume_m3", "tailings_storage_m3"))
    kind = "none" if word in ("none", "no tailings", "no facility", "no dam") else word if word in CLASSES else None
    return {"class": kind, "height_m": height, "volume_m3": volume, "lon": lon, "lat": lat, "name": first(row, "name"), "id": first(row, "id", "site_id", "receptor_id")}


def stress_of(row, n):
    """Baseline water stress of a row, 0 to 1, or None."""
    score, ratio = number(first(row, "water_stress")), number(first(row, "water_stress_ratio"))
    return surroundings.stress_of(n, score, ratio, first(row, "water_stress_category"))


def strictness(iucn, designation):
    """How strict a protection is: the strictest of the category and the words of the designation."""
    iucn, name = (iucn or "").strip().upper(), (designation or "").lower()
    if iucn in ("IA", "IB", "I", "II") or any(w in name for w in ("world heritage", "ramsar", "key biodiversity", "kba")):
        return "strict"
    if iucn in ("III", "IV"):
        return "managed"
    return "sustainable" if iucn in ("V", "VI") or "game reserve" in name else "other"


def read_receptors(path, n, kind):
    """Rows of a receptor file in our own columns (and HydroRIVERS'), with their shape or point.

    A center of a sensitive area whose file states an accuracy of more than 25 km is set aside.
    """
    out = []
    for row in rows_of(path):
        shape, (lon, lat) = place(row)
        hectares, r90, day_of = number(first(row, "area_ha")), number(first(row, "position_accuracy_km")), first(row, "date")
        if kind == "sensitive_areas" and shape is None and (r90 or 0.0) > 25.0:
            continue
        designation = first(row, "designation", "DESIG_ENG")
        population = number(first(row, "population"))
        out.append(
            {
                "id": first(row, "id", "receptor_id", "HYRIV_ID", "WDPAID"),
                "name": first(row, "name", "NAME"),
                "shape": shape,
                "lon": lon,
                "lat": lat,
                "r90": method.DEFAULT_R90_KM if r90 is None else r90,
                "r90_given": r90,
                "area_km2": number(first(row, "area_km2")) or (hectares or 0.0) / 100.0,
                "population": int(population) if population else None,  # 0 is not known either
                "value": strictness(first(row, "iucn_category", "IUCN_CAT"), designation),
                "world_heritage": "world heritage" in (designation or "").lower(),
                "next_id": first(row, "next_id", "next_down", "NEXT_DOWN"),
                "dam": dam_of(row, lon, lat),
                "stress": stress_of(row, n),
                "magnitude": number(first(row, "magnitude", "mag", "Magnitude")),
                "depth": number(first(row, "depth_km", "depth", "Depth")),
                "day": None if day_of is None else day(day_of).toordinal(),
            }
        )
    return out


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
    check("ICMM r90", {s["r90"] for s in sites}, {method.DEFAULT_R90_KM})
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
    from countries import Countries

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
