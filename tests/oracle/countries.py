"""Natural Earth borders, naively: in which country a place lies, and for which places a record counts."""

import math
import re
from pathlib import Path

import shapely

import coverage
import shapes
from read import rows_of

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
        near = [(shapes.distance_to_shape(lon, lat, self.rows[i]["geometry"]), i) for i in around]
        return (self.rows[min(near)[1]], min(near)[0]) if near and min(near)[0] <= within_km else (None, None)

    def begins_within(self, row, lon, lat, km):
        return shapes.distance_to_shape(lon, lat, row["geometry"]) <= km

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
        off = {c: shapes.distance_to_shape(lon, lat, self.shape(c)) for c in known}
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
            return shapes.distance_to_edges(lon, lat, shapes.edges_of(row["geometry"]))
        near = self.tree.query_nearest(shapely.Point(lon, lat))
        return shapes.distance_to_shape(lon, lat, self.rows[int(near[0])]["geometry"])
