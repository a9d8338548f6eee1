"""disclosures.csv, every number of it computed again from the input files.

    python compare_disclosures.py --sites FILE --incidents FILE --receptors KIND=FILE --as-of DATE --out OUT

Sites may be a workbook. Columns called otherwise are named as in `--name id="Site No"`.
"""

import argparse
import csv
import json
import math
import re
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import shapely

import coverage
import method
import pressure
import rasters
import read
import rivers
import shapes
import surroundings
from compare_environment import around_of, own_dams, World
from compare_scores import BORDERS, group_of, heads, parts_of
from countries import Countries
from table import Table

KM = 0.005  # edges densified and then geodesic stand off by a few meters
SHARE = 0.002
KINDS_OF_AREAS = ("world heritage", "strict", "managed", "sustainable", "other", "not stated")
ALL = "(all sites)"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", action="append", required=True)
    parser.add_argument("--incidents", action="append", default=[])
    parser.add_argument("--receptors", action="append", default=[])
    parser.add_argument("--raster", action="append", default=[])
    parser.add_argument("--complete", default="")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--borders", default=next((b for b in BORDERS if b.exists()), None))
    parser.add_argument("--name", action="append", default=[])
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def as_csv(path, names):
    """A workbook, or a table whose columns are called otherwise, as a CSV with our names."""
    if str(path).endswith(".xlsx"):
        import openpyxl

        sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
        rows = [["" if v is None else v for v in row] for row in sheet.iter_rows(values_only=True)]
    elif names and str(path).endswith(".csv"):
        rows = list(csv.reader(Path(path).read_text(encoding="utf-8-sig").splitlines()))
    else:
        return path
    ours = {theirs: name for name, theirs in names.items()}
    rows[0] = [ours.get(str(head), str(head)) for head in rows[0]]
    out = Path(tempfile.mkdtemp()) / Path(path).with_suffix(".csv").name
    with out.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return out


def readable(path):
    """A table of incidents without the rows that the program sets aside: no day, no place, or an id once more."""
    if not str(path).endswith(".csv"):
        return path
    rows = read.rows_of(path)
    kept, ids = [], set()
    for row in rows:
        identity = read.first(row, "id", "incident_id", "event_id_cnty")
        if identity in ids:
            continue
        ids.add(identity)
        try:
            read.day(read.first(row, "date_start", "date", "event_date"))
            lon, lat = read.place(row)[1]
            if abs(lon) <= 180.0 and abs(lat) <= 90.0 and (lon, lat) != (0.0, 0.0):
                kept.append(row)
        except (TypeError, ValueError):
            continue
    if len(kept) == len(rows):
        return path
    print(f"note: {Path(path).name}: {len(rows) - len(kept)} rows have no day, no place, or an id once more")
    out = Path(tempfile.mkdtemp()) / Path(path).name
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(kept)
    return out


def category(area, row):
    """The category of an area, from its own words."""
    if area["world_heritage"]:
        return "world heritage"
    iucn = (read.first(row, "iucn_category", "IUCN_CAT") or "").lower()
    words = (read.first(row, "designation", "DESIG_ENG") or "").lower()
    of_iucn = {"ia": 0, "ib": 0, "i": 0, "ii": 0, "iii": 1, "iv": 1, "v": 2, "vi": 2}.get(iucn)
    of_words = None
    if words:
        strict = any(w in words for w in ("ramsar", "key biodiversity", "kba"))
        of_words = 0 if strict else 2 if "game reserve" in words else 3
    told = [of_iucn] if of_iucn is not None and of_words == 3 else [x for x in (of_iucn, of_words) if x is not None]
    return KINDS_OF_AREAS[1 + min(told)] if told else "not stated"


def hectares(shape):
    """The area on the ellipsoid, edges straight in longitude and latitude."""
    dense = shapely.segmentize(shape, 0.01)
    return abs(shapes.GEOD.geometry_area_perimeter(shapely.orient_polygons(dense) if hasattr(shapely, "orient_polygons") else dense)[0]) / 1e4


def called(area):
    return f"{area['name'].strip()} ({area['id']})" if area["name"] else area["id"]


def own(site, column):
    for name, value in site["row"].items():
        if "_".join("".join(c if c.isalnum() else " " for c in str(name)).lower().split()) == column:
            try:
                number = float(value)
            except (TypeError, ValueError):
                continue
            return number if math.isfinite(number) and number >= 0.0 else None
    return None


def exposed(around, dam, receptors):
    """Settlements and areas within the median run-out; the river is followed beyond it, so that nothing just past its end is met."""
    n = around.n["environment"]
    median = pressure.runout(dam, around.n)[0]
    way = around.network.release(dam["lon"], dam["lat"], n["downstream"]["snap_km"], max(median, n["tailings"]["search_km"]))
    circle = lambda r: math.sqrt((r.get("area_km2") or 0.0) / math.pi) if "value" in r else 0.0
    if way is not None:
        at = lambda r: way.passes({**r, "circle_km": circle(r)}, n["downstream"]["beside_km"])
    else:
        at = lambda r: surroundings.edge_km(dam["lon"], dam["lat"], r)
    inside = lambda r: (km := at(r)) is not None and km <= median
    areas = [a for a in receptors.get("sensitive_areas", []) if not surroundings.rough(a, around.n)]
    return {"settlements": list(filter(inside, receptors.get("settlements", []))), "areas": list(filter(inside, areas))}


class Expected:
    """What the rows of one site have to say."""

    def __init__(self, site, group, around, world, basins):
        self.site, self.group, self.around, self.world, self.n, self.rows = site, group, around, world, world.n, basins
        self.said = {}

    def put(self, disclosure, item, value, of="", tolerance=0.0):
        self.said[disclosure, item, of] = (value, tolerance)

    def mapped(self, kind, count):
        """A count of what a layer maps: none is not known unless the layer is declared complete."""
        return None if not count and kind not in self.around.complete else count

    def mapped_within(self, kind, count, km, near):
        """The same within a distance: the errors of the positions may bring the nearest so near, too."""
        count = self.mapped(kind, count)
        nearest = min(near, key=lambda x: x[0], default=None)
        doubtful = nearest is not None and nearest[0] > km and nearest[0] - self.site["r90"] - (nearest[1]["r90_given"] or 0.0) <= km
        return None if count == 0 and doubtful else count

    def surely_none(self, km, of, categories):
        """Whether the layer is complete and no area of a category can lie so near, whatever the errors."""
        if "sensitive_areas" not in self.around.complete:
            return False
        error = self.site["r90"]
        for d, a in self.around.areas + self.around.rough:
            if of is not None and categories[id(a)] != of:
                continue
            circle = 0.0
            if a.get("shape") is None:
                if not a["area_km2"]:
                    if d <= max(self.n["buffers"]["overlap_km"]) + error:
                        return False
                    continue
                circle = math.sqrt(a["area_km2"] / math.pi)
            if d - circle - (a["r90_given"] or 0.0) - error <= km:
                return False
        return True

    def nature(self, categories):
        rings, given = self.n["buffers"]["overlap_km"], "sensitive_areas" in self.around.given
        near = min(rings)
        areas = [(d, a, categories[id(a)]) for d, a in self.around.areas if d <= max(rings)]
        mapped = lambda km, of=None: sum(d <= km and (of is None or c == of) for d, _, c in areas)
        # Nothing mapped is known to be nothing only in a complete layer, past the errors of positions and outlines.
        none = lambda km, of=None: given and self.surely_none(km, of, categories)
        within = lambda km, of=None: None if not given else mapped(km, of) or (0 if none(km, of) else None)
        polygons = [s["shape"] for s in self.group if s["shape"] is not None and "Polygon" in s["shape"].geom_type]
        land = shapely.union_all(polygons) if polygons else None
        size = hectares(land) if polygons else None
        flag = lambda x: None if x is None else x > 0
        self.put("GRI 101-5", "site_area", size, tolerance=0.01)
        self.put("GRI 101-5", "in_sensitive_area", flag(within(0.0)))
        drawn = [a["shape"] for _, a in self.around.areas if a["shape"] is not None and "Polygon" in a["shape"].geom_type]
        overlap = None
        if polygons and drawn:
            met = [s for s in drawn if s.intersects(land)]
            overlap = hectares(shapely.intersection(land, shapely.union_all(met))) if met else 0.0
            overlap = overlap or (0.0 if none(0.0) else None)
        self.put("GRI 101-5", "overlap_with_sensitive_areas", overlap, tolerance=0.01)
        for d, a, _ in areas:
            self.put("GRI 101-5", "distance_to_area", d, called(a), KM)
            self.put("GRI 101-5", "category_of_area", categories[id(a)], called(a))
        nearest = min(((d, a) for d, a in self.around.areas), key=lambda x: x[0], default=None) if given else None
        self.put("GRI 101-5", "nearest_sensitive_area", None if nearest is None else called(nearest[1]))
        self.put("GRI 101-5", "distance_to_nearest_sensitive_area", None if nearest is None else nearest[0], tolerance=KM)
        self.put("GRI 101-5", "category_of_nearest_sensitive_area", None if nearest is None else categories[id(nearest[1])])
        self.put("GRI 101-6", "land_occupied", size, tolerance=0.01)
        for km in rings:
            item = f"areas_within_{km:g}km"
            self.put("rings of IBAT", item, within(km))
            for of in KINDS_OF_AREAS if given else ():
                self.put("rings of IBAT", item, within(km, of), of)
            share = surroundings.area_shares(self.around, [km])[km] if given else None
            share = None if share is not None and not share and not none(km) else share
            self.put("rings of IBAT", f"share_covered_within_{km:g}km", share, tolerance=SHARE)
        heritage = [(d, a) for d, a, c in areas if c == "world heritage"]
        self.put("World Heritage", "in_world_heritage_site", None if not given else any(d == 0.0 for d, _ in heritage) or (False if none(0.0, "world heritage") else None))
        if heritage:
            d, a = min(heritage, key=lambda x: x[0])
            self.put("World Heritage", "distance_to_world_heritage_site", d, called(a), KM)
        else:
            self.put("World Heritage", "distance_to_world_heritage_site", None)
        self.put("ESRS E4", f"in_or_within_{near:g}km_of_sensitive_area", flag(within(near)))
        count = within(near)
        self.put("ESRS E4", "area_of_sites_in_or_near", None if count is None else size if count else 0.0, tolerance=0.01)
        for part in ("controlled", "disturbed", "restored"):
            self.put("TNFD C1.0", f"area_{part}", own(self.site, f"{part}_km2"), tolerance=0.0005)
        parts = [own(self.site, f"{part}_km2") for part in ("controlled", "disturbed", "restored")]
        self.put("TNFD C1.0", "total_spatial_footprint", None if None in parts else sum(parts), tolerance=0.0005)
        self.put("TNFD C1.0", "area_mapped", None if size is None else size / 100.0, tolerance=0.0001)
        for name in ("species", "habitat"):
            grid = self.world.grids.get(name)
            radius = self.n["environment"][name]["raster"]["radius_km"]
            item = f"{name}_mean_within_{radius:g}km" if grid else f"{name}_mean"
            mean = grid.measures(self.site["lon"], self.site["lat"], radius, 0.0)["mean"] if grid else None
            self.put("GRI 101-7", item, mean, tolerance=0.001)
        return flag(count)

    def water(self):
        w = self.n["environment"]["water_stress"]
        stress = surroundings.water_stress(self.around, read.stress_of(self.site["row"], self.n))[0]
        says_arid = lambda row: any(str(v).lower().startswith("arid") for k, v in row.items() if k != "geometry")
        basins = [b for b in self.around.basins if b["stress"] == stress and shapes.distance_to_shape(self.site["lon"], self.site["lat"], b["shape"]) == 0.0]
        told = read.stress_of(self.site["row"], self.n) is not None
        arid = stress is not None and (says_arid(self.site["row"]) if told else any(says_arid(self.rows[b["id"]]) for b in basins))
        score = None if stress is None else stress * w["score_max"]
        classes = ("low", "low to medium", "medium to high", "high", "extremely high")
        word = None if score is None else "arid and low water use" if arid else classes[min(int(score + 1e-9), 4)]
        high = None if score is None else score >= self.n["flags"]["water_stress_score"] - 1e-9
        taken = own(self.site, "water_withdrawal_ml")
        under = None if high is None else taken if high else 0.0
        self.put("GRI 303-3", "water_stress_class", word)
        self.put("GRI 303-3", "in_area_with_water_stress", high)
        self.put("GRI 303-3", "water_withdrawal", taken, tolerance=0.0005)
        self.put("GRI 303-3", "water_withdrawal_in_areas_with_water_stress", under, tolerance=0.0005)
        self.put("GRI 101-6", "water_withdrawal", taken, tolerance=0.0005)
        self.put("TNFD C3.0", "in_area_of_water_scarcity", high)
        self.put("TNFD C3.0", "water_withdrawal_in_areas_of_water_scarcity", None if under is None else 1000.0 * under, tolerance=0.5)
        return high

    def criteria(self, important, high):
        known = {"important_for_biodiversity": important, "high_physical_water_risk": high}
        for item in ("important_for_biodiversity", "high_ecosystem_integrity", "rapid_decline_of_integrity", "high_physical_water_risk", "important_for_ecosystem_services"):
            self.put("TNFD sensitive locations", item, known.get(item))
        self.put("TNFD sensitive locations", "sensitive_location", True if important or high else None)

    def tailings(self, receptors):
        t = self.n["environment"]["tailings"]
        mine, layer = own_dams(self.group), [(d, r) for d, r in self.around.tailings if d <= t["own_km"]]
        mine = [dam for dam in mine if dam["class"] != "none"]
        none = (read.dam_of(self.site["row"], self.site["lon"], self.site["lat"])["class"]) == "none"
        count = len(mine) if mine or none else None
        for disclosure in ("GRI 14", "GISTM 15"):
            self.put(disclosure, "own_tailings_facilities", count)
        layer = [(d, r) for d, r in layer if r["dam"]["class"] != "none"]
        given = "tailings" in self.around.given or "tailings" in self.around.complete
        self.put("GISTM 15", f"mapped_tailings_facilities_within_{t['own_km']:g}km", self.mapped_within("tailings", len(layer), t["own_km"], self.around.tailings) if given else None)
        away = lambda s: surroundings.edge_km(self.site["lon"], self.site["lat"], {**s, "area_km2": None})
        named = [(s["name"] or s["id"], away(s), dam) for s, dam in self.own_named()] + [(r["name"] or r["id"], d, r["dam"]) for d, r in layer]
        for of, d, dam in named:
            out = exposed(self.around, dam, receptors)
            people = [s["population"] for s in out["settlements"]]
            counted = [p for p in people if p]
            any_known = any(s["population"] for s in receptors.get("settlements", []))
            self.put("GISTM 15", "distance", d, of, KM)
            self.put("GISTM 15", "consequence_class", dam["class"], of)
            self.put("GISTM 15", "dam_height", dam["height_m"], of, 0.05)
            self.put("GISTM 15", "tailings_volume", dam["volume_m3"], of, 0.5)
            self.put("GISTM 15", "people_in_run_out", self.mapped("settlements", sum(counted) if counted else 0 if any_known and not people else None), of)
            self.put("GISTM 15", "sensitive_areas_in_run_out", self.mapped("sensitive_areas", len(out["areas"])) if "sensitive_areas" in receptors else None, of)
        km = self.n["environment"]["downstream"]["follow_km"]
        down = surroundings.followed(self.around)
        people = None
        if down is not None:
            met = [s["population"] for _, s in down["settlements"]]
            counted = [p for p in met if p]
            any_known = any(s["population"] for s in receptors.get("settlements", []))
            people = sum(counted) if counted else 0 if any_known and not met else None
        self.put("GISTM 15", f"people_downstream_within_{km:g}km", self.mapped("settlements", people))

    def own_named(self):
        for s in self.group:
            dam = read.dam_of(s["row"], s["lon"], s["lat"])
            if dam["class"] != "none" and (dam["class"] or dam["height_m"] is not None or dam["volume_m3"] is not None):
                yield s, dam

    def conflict(self, incidents, covered, covers, on, scheme, parts):
        n, until = self.n, covers.until(self.site)
        windows = {}
        # A lack of incidents is one only where they were collected all around and all the time.
        seen = lambda days: covered and covers.seen(self.site, on.toordinal(), days, n["buffers"]["window_radius_km"])
        away = shapes.distances(self.site["lon"], self.site["lat"], incidents.lon, incidents.lat)[0]
        near = away <= n["buffers"]["window_radius_km"]
        age = on.toordinal() - incidents.last_day
        for days in n["buffers"]["window_days"]:
            windows[days] = int(np.sum(near & (age >= 0) & (age < days)))
            value = windows[days] if windows[days] or seen(days) else None
            self.put("GRI 14", f"security_incidents_{n['buffers']['window_radius_km']:g}km_{days}d", value)
        period = n["security"]["trend"]["period_days"]
        recent = int(np.sum(near & (age >= 0) & (age < period) & incidents.violent))
        edges = dict(zip(("low", "medium", "high", "very high"), n["bands"]["edges"]))
        score = method.security(parts, incidents, on, scheme)["score"] if covered else None
        attacked = recent >= n["flags"]["conflict_incidents"]
        in_band = score is not None and round(score, 1) >= edges[n["flags"]["conflict_band"].replace("_", " ")]
        possible = np.any((age >= 0) & (age < period) & incidents.violent & (away - incidents.r90 - self.site["r90"] <= n["buffers"]["window_radius_km"]))
        known = attacked or in_band or (seen(period) and not possible)
        self.put("GRI 14", "in_conflict_affected_area", (attacked or in_band) if known else None)
        self.put("GRI 14", "incidents_collected_until", None if until is None else date.fromordinal(until).isoformat())
        km = n["buffers"]["people_km"]
        any_known = any(s["population"] for _, s in self.around.settlements)
        people = surroundings.people_within(self.around, km) if "settlements" in self.around.given and any_known else None
        self.put("GRI 14", f"people_within_{km:g}km", self.mapped_within("settlements", people, km, self.around.settlements))


def parsed(row):
    """The value of a row as JSON would have it."""
    text = row["value"]
    if text == "":
        return None
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text[1:] if text.startswith("'") else text


def told_to(text):
    """Half a unit of the last digit of a number."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2]) + 1e-9


def compare_all(table, rows, sites):
    """The rows on all sites together, from the rows on each."""
    groups = defaultdict(list)
    for row in sites:
        if row["of"] == "":
            groups[row["disclosure"], row["item"]].append(row)
    for row in rows:
        spot, key = f"{row['disclosure']} {row['item']} {row['of']}", (row["disclosure"], row["item"])
        values = [parsed(one) for one in groups[key]]
        if row["unit"] == "sites":
            answer = {"yes": True, "no": False, "not known": None}.get(row["of"], row["of"])
            want = sum(v is answer if isinstance(answer, (bool, type(None))) else v == answer for v in values)
            table.near("all sites: counts", spot, parsed(row), want, 0.0)
            table.same("all sites: what is not known is", spot, row["known"], "no" if answer is None and want else "yes")
        else:
            known = [v for v in values if v is not None]
            # A sum over some of the sites is the least; nothing is no least.
            told = known and (len(known) == len(values) or math.fsum(known) > 0.0)
            table.near("all sites: sums", spot, parsed(row), math.fsum(known) if told else None, 1e-3)
        missing = sum(v is None for v in values)
        if row["unit"] != "sites" and missing:
            table.true("all sites: what is missing is told", spot, str(len(values)) in row["note"], row["note"])
    counted = Counter((row["disclosure"], row["item"]) for row in rows if row["unit"] == "sites")
    for key in counted:
        total = sum(parsed(row) for row in rows if (row["disclosure"], row["item"]) == key)
        table.same("all sites: every site has an answer", str(key), total, float(len(groups[key])))


def main():
    args = arguments()
    names = dict(pair.split("=", 1) for pair in args.name)
    table = Table()
    everything = [s for path in args.sites for s in read.read_sites(as_csv(path, names))]
    sites = heads(everything)
    n, scheme = surroundings.numbers(), method.DEFAULT
    files = {Path(path).name: read.read_records(readable(path)) for path in args.incidents}
    records = [r for file in files.values() for r in file]
    of = lambda domain: read.incidents_of([r for r in records if r["domain"] == domain], scheme)
    incidents = of("security")
    quakes = [{**r, "day": r["last"]} for r in records if r["domain"] == "earthquake"]
    borders = Countries(args.borders)
    covers = coverage.Coverage({k: [r for r in f if r["domain"] == "security"] for k, f in files.items()}, args.as_of.toordinal(), borders, None, scheme.grace_d["security"])
    receptors, categories, basins = {}, {}, {}
    for kind, path in (pair.split("=", 1) for pair in args.receptors):
        found = read.read_receptors(path, n, kind)
        receptors.setdefault(kind, []).extend(found)
        if kind == "sensitive_areas":
            told = {read.first(row, "id", "receptor_id", "WDPAID"): row for row in read.rows_of(path)}
            categories.update({id(area): category(area, told[area["id"]]) for area in found})
        if kind == "water_stress":
            basins.update({read.first(row, "id", "receptor_id"): row for row in read.rows_of(path)})
    grids = {name: rasters.Raster(path) for name, path in (pair.split("=", 1) for pair in args.raster)}
    world = World(n, receptors, args.complete.split(","), of("accident"), quakes, False, args.as_of, grids)
    with (args.out / "disclosures.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_site = defaultdict(list)
    for row in rows:
        by_site[row["site_id"]].append(row)
    # Where a file has no ids, the program makes them of the names.
    made = {row["site_name"]: row["site_id"] for row in rows}
    for site in everything:
        site["id"] = site["id"] or made.get(site["name"])
    compare_all(table, by_site.pop(ALL, []), [row for of_site in by_site.values() for row in of_site])
    table.same("sites in the table", str(args.out), sorted(by_site), sorted(s["id"] for s in sites))
    day = args.as_of.toordinal()
    skipped = 0
    for site in sites:
        group = group_of(site, everything)
        around = around_of(site, world)
        want = Expected(site, group, around, world, basins)
        if site["shape"] is not None:
            skipped += 1  # distances here are those of a point
            continue
        important = want.nature(categories)
        want.criteria(important, want.water())
        want.tailings(receptors)
        until = covers.until(site)
        covered = until is not None and not covers.ended(until)
        want.conflict(incidents, covered, covers, args.as_of, scheme, parts_of(group, scheme))
        got = {}
        for row in by_site[site["id"]]:
            # An id that another kind of receptor has, too, is numbered.
            key = (row["disclosure"], row["item"], re.sub(r"#\d+\)$", ")", row["of"]))
            table.true("no row comes twice", str(key), key not in got, site["id"])
            got[key] = row
        for key in sorted(set(want.said) - set(got)):
            table.fail("rows expected", site["id"], str(key))
        for key in sorted(set(got) - set(want.said)):
            table.fail("rows not expected", site["id"], str(key))
        for key, (value, tolerance) in want.said.items():
            if key not in got:
                continue
            row, spot = got[key], f"{site['id']} {' '.join(key)}"
            said = parsed(row)
            if key[1] == "nearest_sensitive_area" and said is not None:
                said = re.sub(r"#\d+\)$", ")", str(said))
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                table.near(key[0], spot, said, value, tolerance + (told_to(row["value"]) if row["unit"] == "km" else 0.0006))
                coarse = row["unit"] == "km" and site["r90"] >= 1.0 and all(abs(value - ring) > 1.0 for ring in [0.0, *n["buffers"]["overlap_km"]])
                table.true("no finer than the position", spot, not coarse or value == round(value) or "." not in row["value"], row["value"])
            else:
                table.same(key[0], spot, said, value)
            table.same("known where there is a value", spot, row["known"], "no" if value is None else "yes")
            table.true("a reason where there is none", spot, value is not None or row["note"] != "", "no note")
            table.same("the day of the run", spot, row["as_of"], args.as_of.isoformat())
    print(f"{len(rows)} rows of {len(sites)} sites ({skipped} of them shapes, whose rows count in the sums alone)")
    return table.report()


if __name__ == "__main__":
    sys.exit(main())
