"""Makes the demonstration case out of compiled, published facts.

Leaves out rows of low confidence, uranium and hydrocarbon sites; applies
`corrections.csv`, where each change has its reason; adds the rows of
`added_incidents.csv` and `added_areas.csv`, and water stress by basin from
`basins.csv` and `site_basins.csv`; renames the columns to the project's own; and
stops where a row breaks a rule.
"""

import csv
import datetime

from shapely.geometry import LineString, Point

from topology import feature, write_collection

SITE_COLUMNS = ("id name lon lat position_accuracy_km country province district commodity commodity_group status "
                "operator investor_origin precision_class group part water_stress_ratio water_stress_ratio_other "
                "water_stress_note confidence source_hint notes").split()
INCIDENT_COLUMNS = ("id date date_end time_precision lon lat position_accuracy_km geo_precision country province "
                    "district place domain event_type sub_event_type actor fatalities injuries magnitude depth_km "
                    "mining_related description confidence basis source_hint").split()
AREA_COLUMNS = ("id name receptor_type designation iucn_category lon lat area_km2 position_accuracy_km country "
                "confidence source_hint notes").split()

# An island this far out may be missing from the borders at 1:50m.
OFFSHORE_KM = 30

GROUPS = {"PK-S001": "reko-diq", "PK-S003": "saindak"}
LEFT_OUT_GROUPS = {"hydrocarbon", "energy_mineral"}
DOMAIN_OF_EVENT = {"Earthquake": "earthquake", "Pollution": "accident"}
SENSITIVE = {"protected_area", "ramsar_wetland", "community_conserved_area"}

# Receptors that are open water, whatever else they are.
WATER = {
    "PK-R022": "reservoir", "PK-R023": "lake", "PK-R024": "salt lake", "PK-R025": "salt lake",
    "PK-R031": "reservoir", "PK-R035": "lake", "PK-R036": "lake", "PK-R038": "reservoir",
    "PK-R039": "reservoir", "PK-R040": "lake", "PK-R041": "reservoir",
}

# Public geography only, coarse: towns on the N-40 as in any atlas.
TAFTAN, NOKKUNDI, YAKMACH, DALBANDIN = (61.59, 28.95), (62.75, 28.83), (63.84, 28.74), (64.41, 28.89)
ATLAS = "towns on the N-40 as in any atlas, joined by straight lines"
LINKED = [
    ("reko-diq-camp", "Reko Diq, camp", "reko-diq", "camp", Point(62.1, 29.1), 15,
     "no published position used: 0.1 degree, between the western porphyries and Tanjeel"),
    ("reko-diq-link-road", "Link road, Nokkundi to Reko Diq", "reko-diq", "road",
     LineString([NOKKUNDI, (62.05, 29.12)]), 20, "press: link road to the N-40; drawn straight"),
    ("reko-diq-n40", "N-40, Nokkundi to Dalbandin", "reko-diq", "road",
     LineString([NOKKUNDI, YAKMACH, DALBANDIN]), 10, ATLAS),
    ("saindak-camp", "Saindak, town", "saindak", "camp", Point(61.57, 29.27), 5,
     "encyclopedia position of Saindak town"),
    ("saindak-link-road", "Link road, Taftan to Saindak", "saindak", "road",
     LineString([TAFTAN, (61.57, 29.27)]), 15, "any atlas; drawn straight"),
    ("saindak-n40", "N-40, Taftan to Dalbandin", "saindak", "road",
     LineString([TAFTAN, NOKKUNDI, YAKMACH, DALBANDIN]), 10, ATLAS),
]


def rows_of(folder, file, key):
    """The rows of one facts file, its key column called `id`, low confidence left out."""
    with open(folder / f"{file}.csv", encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            row["id"] = row.pop(key)
            if row["confidence"] != "low":
                yield row


def corrected(row, file, corrections):
    for change in corrections:
        if (change["file"], change["id"]) == (file, row["id"]):
            row[change["column"]] = change["value"]
    return row


def table(here, name):
    """The rows of a hand-written table beside the scripts."""
    with open(here / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def water_stress(here, accuracies):
    """Site -> its columns of water stress: withdrawal over runoff in its basin as a whole.

    Where the line to the next basin lies within the accuracy of the site's position, the ratio there is
    given, too. Sites of the Indus basin have none: one ratio for a million square kilometers says nothing of
    a mountain valley.
    """
    basins = table(here, "basins")
    ratios = {row["basin"]: float(row["demand_2010_km3"]) / float(row["runoff_mean_1981_2010_km3"]) for row in basins}
    told = {row["basin"]: row["told_as"] for row in basins}
    found = {}
    for row in table(here, "site_basins"):
        note = (f"{told[row['basin']]} as a whole, modelled: demand of 2010 over mean runoff of 1981 to 2010 "
                "(GCAM inputs); groundwater left out; confidence low")
        other = ""
        if float(row["next_basin_km"]) <= accuracies[row["id"]]:
            other = f"{ratios[row['next_basin']]:.3f}"
            note += f"; the line to the {told[row['next_basin']]} lies {row['next_basin_km']} km off"
        found[row["id"]] = {"water_stress_ratio": f"{ratios[row['basin']]:.3f}", "water_stress_ratio_other": other,
                            "water_stress_note": note}
    return found


def sites(folder, corrections, here):
    rows = [row for row in rows_of(folder, "sites", "site_id") if row["commodity_group"] not in LEFT_OUT_GROUPS]
    stress = water_stress(here, {row["id"]: float(row["position_accuracy_km"]) for row in rows})
    for row in rows:
        group = GROUPS.get(row["id"], "")
        row |= {"country": "Pakistan", "group": group, "part": "mine" if group else ""}
        row |= stress.get(row["id"], {})
        yield corrected(row, "sites", corrections)


def incidents(folder, corrections):
    for row in rows_of(folder, "incidents", "incident_id"):
        if "uranium" in row["description"]:
            continue
        abroad = row["province"] == "Afghanistan"
        row["country"] = "Afghanistan" if abroad else "Pakistan"
        row["province"] = "" if abroad or row["province"] == "Pakistan" else row["province"]
        row["district"] = "" if row["district"] in ("-", "many") else row["district"]
        row["domain"] = DOMAIN_OF_EVENT.get(row["event_type"],
                                            "other" if row["category"] == "environment" else row["category"])
        row |= {"date_end": "", "depth_km": ""}
        yield corrected(row, "incidents", corrections)


def area_km2(row):
    """Hectares as square kilometers, without a trailing zero."""
    return f"{float(row['area_ha']) / 100:.2f}".rstrip("0").rstrip(".") if row["area_ha"] else ""


def protected(receptors, corrections):
    for row in receptors:
        designated = row["receptor_type"] == "wetland" and row["iucn_category"]
        if row["receptor_type"] in SENSITIVE or designated:
            row = row | {"receptor_type": "sensitive_areas", "area_km2": area_km2(row), "country": "Pakistan"}
            yield corrected(row, "protected_areas", corrections)


def waters(receptors):
    for row in receptors:
        kind = "river reach" if row["receptor_type"] == "river_reach" else WATER.get(row["id"])
        if kind:
            yield feature({
                "id": row["id"], "name": row["name"], "receptor_type": "water_bodies", "kind": kind,
                "position_accuracy_km": float(row["position_accuracy_km"]), "country": "Pakistan",
                "confidence": row["confidence"], "source_hint": row["source_hint"]}, position(row))


def position(row):
    return Point(float(row["lon"]), float(row["lat"]))


def verify(name, rows, pakistan):
    """Stops at a repeated id or event, a bad date or number, or a place far from its country.

    An earthquake is listed under the country of the place it hit, wherever its epicenter lies.
    """
    ids, events = set(), set()
    for row in rows:
        event = tuple(row.get(k) for k in ("date", "lon", "lat", "name", "sub_event_type"))
        here = row["country"] == "Pakistan" and row.get("domain") != "earthquake"
        far = here and pakistan.distance(position(row)) * 111 > \
            float(row["position_accuracy_km"]) + OFFSHORE_KM
        if row["id"] in ids or event in events or far or float(row["position_accuracy_km"]) <= 0:
            raise SystemExit(f"{name}: {row['id']} is repeated or lies outside its country")
        ids.add(row["id"])
        events.add(event)
        if name == "incidents":
            datetime.date.fromisoformat(row["date"])
            for column in ("fatalities", "injuries"):
                if row[column] and int(row[column]) < 0:
                    raise SystemExit(f"{name}: {row['id']} has {row[column]} {column}")


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def make(folder, case, here, countries):
    corrections = table(here, "corrections")
    pakistan = countries["PAK"][1]
    receptors = list(rows_of(folder, "receptors", "receptor_id"))
    for name, columns, rows in (("sites", SITE_COLUMNS, list(sites(folder, corrections, here))),
                                ("incidents", INCIDENT_COLUMNS,
                                 list(incidents(folder, corrections)) + table(here, "added_incidents")),
                                ("protected_areas", AREA_COLUMNS,
                                 list(protected(receptors, corrections)) + table(here, "added_areas"))):
        verify(name, rows, pakistan)
        write(case / f"{name}.csv", columns, rows)
    write_collection(case / "water_bodies.geojson", list(waters(receptors)))
    write_collection(case / "linked_assets.geojson", [
        feature({"id": id, "name": name, "group": group, "part": part, "country": "Pakistan",
                 "position_accuracy_km": accuracy, "source_hint": source}, shape)
        for id, name, group, part, shape, accuracy, source in LINKED])
