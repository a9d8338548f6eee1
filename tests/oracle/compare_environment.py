"""The environment part of compare_scores.py: indicators, bars, scores, tailings, what lies downstream, and `explain`."""

from dataclasses import dataclass, field

import environment
import method
import pressure
import rasters
import read
import rivers
import shapes
import surroundings

SCORE_TOLERANCE = 0.06
SHAPE_KM_TOLERANCE = 0.005  # edges densified to 10 km and then geodesic stand off by a few meters
INDICATOR_TOLERANCE = 0.0006  # written with three decimals
COVERAGE_TOLERANCE = 0.0006
WAY_KM_TOLERANCE = 0.03  # a way is walked by steps of ten meters
NEAREST = {
    "rivers": "nearest_river",
    "water_bodies": "nearest_water_body",
    "sensitive_areas": "nearest_sensitive_area",
    "settlements": "nearest_settlement",
    "faults": "nearest_fault",
    "tailings": "nearest_tailings",
}


@dataclass
class World:
    """All that the environment of every site of a run is told by."""

    n: dict
    receptors: dict
    complete: list
    accidents: object
    quakes: list  # of the incident files
    declared: bool  # whether the coverage of incidents is
    as_of: object
    grids: dict  # rasters by name
    network: object = field(init=False)

    def __post_init__(self):
        self.network = rivers.Network(self.receptors.get("rivers", []))
        today = self.as_of.toordinal()
        catalog = self.quakes + self.receptors.get("earthquakes", [])
        self.felt = [q for q in catalog if q["day"] is None or q["day"] <= today]


def around_of(site, world):
    return surroundings.Surroundings(site["lon"], site["lat"], world.receptors, world.complete, world.n, world.network)


def own_dams(group):
    """What the rows of a site and its parts say of tailings: a class, a height or a volume."""
    told = [read.dam_of(s["row"], s["lon"], s["lat"]) for s in group]
    return [dam for dam in told if dam["class"] or dam["height_m"] is not None or dam["volume_m3"] is not None]


def expect(site, group, parts, covered, around, world):
    """The twelve indicators as (value, known)."""
    n = world.n
    grid = lambda name, part: rasters.indicator(world.grids[name], site["lon"], site["lat"], n["environment"][part]["raster"]) if name in world.grids else (None, 0.0)
    cells = rasters.people(world.grids["population"], site["lon"], site["lat"], n) if "population" in world.grids else (0.0, 0.0)
    people = surroundings.people(around, cells)
    felt = environment.seismic(site["lon"], site["lat"], world.felt, "earthquakes" in around.complete, n)
    shaking = grid("shaking", "seismic")
    indicators = {
        "sensitive_areas": surroundings.sensitive_areas(around),
        "water_stress": surroundings.water_stress(around, read.stress_of(site["row"], n)),
        "seismic": (max(felt[0], shaking[0] or 0.0), max(felt[1], shaking[1])),
        "water_nearby": surroundings.water_nearby(around),
        "accidents": pressure.accidents(parts, world.accidents, world.as_of, covered, world.declared, n),
        "people": people,
        "species": grid("species", "species"),
        "habitat": grid("habitat", "habitat"),
        "downstream": surroundings.downstream(around, people[1]),
        "tailings": pressure.tailings(around, read.dam_of(site["row"], site["lon"], site["lat"]), own_dams(group), world.receptors),
        "flood": grid("flood", "flood"),
        "outburst": grid("outburst", "outburst"),
    }
    return environment.known(indicators)


def listed(text):
    return [] if text is None else sorted(text.split(", "))


def compare_scores(table, spot, got, told):
    """The numbers of the score and of each bar."""
    for name, want in told.items():
        key = "environment" if name == "environment" else "bar"
        shown = want["score"] if name != "environment" or want["known"] else None
        table.near(f"{key}: score", f"{spot} {name}", got.get(f"{name}_score", "(absent)"), shown, SCORE_TOLERANCE)
        table.near(f"{key}: at least", f"{spot} {name}", got.get(f"{name}_at_least", "(absent)"), want["at_least"], SCORE_TOLERANCE)
        table.near(f"{key}: coverage", f"{spot} {name}", got.get(f"{name}_coverage", "(absent)"), want["coverage"], COVERAGE_TOLERANCE)
        # The environment names what is not known of every bar, those outside its score with them.
        missing = want["missing"] if name != "environment" else [k for bar, of in told.items() if bar != "environment" for k in of["missing"]]
        table.same(f"{key}: missing", f"{spot} {name}", listed(got.get(f"{name}_missing", "(absent)")), sorted(environment.WORDS.get(k, k.replace("_", " ")) for k in missing))
        if shown is None:
            table.same(f"{key}: driver", f"{spot} {name}", got.get(f"{name}_driver", "(absent)"), None)
            continue
        # Two indicators of the same points have no order.
        best = max(k for k, _ in want["points"].values())
        drivers = {k for k, (known, _) in want["points"].items() if known > 0.0 and known >= best - 0.02} or {None}
        table.true(f"{key}: driver", f"{spot} {name}", got.get(f"{name}_driver", "(absent)") in drivers, f"{got.get(f'{name}_driver', '(absent)')!r}, expected {drivers}")


def compare_nearest(table, where, got, around, world):
    """The nearest of each kind, shares of buffers, the length of rivers, people."""
    n, lon, lat = world.n, around.lon, around.lat
    of = {"rivers": around.rivers, "water_bodies": around.waters, "sensitive_areas": around.areas, "settlements": around.settlements, "tailings": around.tailings}
    for kind, found in of.items():
        if kind in around.given:
            near = min(found, key=lambda x: x[0], default=(None, None))
            column = NEAREST[kind]
            table.near(f"{column}_km", where, got.get(f"{column}_km", "(absent)"), near[0], SHAPE_KM_TOLERANCE)
    if "rivers" in around.given:
        lines = [r["shape"] for _, r in around.rivers if r["shape"] is not None and "Line" in r["shape"].geom_type]
        length = shapes.length_within(lon, lat, n["buffers"]["river_km"], lines) if lines else None
        table.near("river_length_10km", where, got.get("river_length_10km", "(absent)"), length, 0.03)
    if "settlements" in around.given:
        table.same("people_10km", where, got.get("people_10km", "(absent)"), surroundings.people_within(around, n["buffers"]["people_km"]))
    if "sensitive_areas" in around.given:
        for radius, share in surroundings.area_shares(around, n["buffers"]["overlap_km"]).items():
            table.near("sensitive shares", f"{where} {radius} km", got.get(f"sensitive_share_{radius:g}km", "(absent)"), share, 0.002)


def compare_flags(table, where, got, around, indicators, world, site):
    n = world.n["flags"]
    within = lambda d: d if d is not None and d <= n["sensitive_area_km"] else None
    table.near("sensitive_area_within_km", where, got.get("sensitive_area_within_km", "(absent)"), within(around.nearest(around.areas)), SHAPE_KM_TOLERANCE)
    heritage = surroundings.world_heritage(around)
    table.near("world_heritage_within_km", where, got.get("world_heritage_within_km", "(absent)"), within(heritage), SHAPE_KM_TOLERANCE)
    inside = True if heritage == 0.0 else False if surroundings.surely_outside_heritage(around, site["r90"]) else None
    table.same("in_world_heritage", where, got.get("in_world_heritage", "(absent)"), inside)
    stress = indicators["water_stress"][0]
    high = None if stress is None else stress >= n["water_stress_score"] / world.n["environment"]["water_stress"]["score_max"] - 1e-12
    table.same("water_stress_high", where, got.get("water_stress_high", "(absent)"), high)


def compare_downstream(table, where, got, around):
    want = surroundings.followed(around)
    columns = ("downstream_river", "river_snapped_km", "downstream_people", "downstream_settlement", "downstream_settlement_km", "downstream_area", "downstream_area_km")
    if want is None:
        for column in columns:
            table.same("downstream: none", f"{where} {column}", got.get(column, "(absent)"), None)
        return
    name = lambda r: r["name"] or r["id"]
    reach = around.network.reaches[want["reach"]]
    table.same("downstream_river", where, got.get("downstream_river", "(absent)"), reach["name"] or want["reach"])
    table.near("river_snapped_km", where, got.get("river_snapped_km", "(absent)"), want["snapped_km"], SHAPE_KM_TOLERANCE)
    known = [s["population"] for _, s in want["settlements"] if s["population"]]
    # People nobody counted are not nobody.
    people = None if "settlements" not in around.given or want["settlements"] and not known else sum(known)
    table.same("downstream_people", where, got.get("downstream_people", "(absent)"), people)
    for what, found in (("settlement", want["settlements"]), ("area", want["areas"])):
        km = found[0][0] if found else None
        table.near(f"downstream_{what}_km", where, got.get(f"downstream_{what}_km", "(absent)"), km, WAY_KM_TOLERANCE)
        # What the way meets at once has no order.
        first = {name(r) for at, r in found if at <= km + WAY_KM_TOLERANCE} or {None}
        named = got.get(f"downstream_{what}", "(absent)")
        table.true(f"downstream_{what}", where, named in first, f"{named!r}, expected one of {first}")


def compare_runout(table, where, got, around, group, world):
    """The columns of the facility that decides E10."""
    own = own_dams(group)
    told = pressure.dams(around, own)
    columns = ("tailings_facility", "runout_p50_km", "runout_p90_km", "people_in_runout", "areas_in_runout")
    if not told:
        for column in columns:
            table.same("run-out: none", f"{where} {column}", got.get(column, "(absent)"), None)
        return
    n = world.n["environment"]["tailings"]

    def adds(item):
        share, dam = item
        return share * n[dam["class"].replace(" ", "_")] * pressure.reached(dam, world.receptors, world.n) if dam["class"] else 0.0

    # Facilities that add as much have no order.
    most = max(adds(item) for item in told)
    named = [dam for dam in (item[1] for item in told if adds(item) >= most - 1e-9)]
    name = got.get("tailings_facility", "(absent)")
    best = next((dam for dam in named if name in (dam["name"], dam["id"])), named[0])
    told = pressure.exposed(around, best, world.receptors)
    table.same("tailings_facility", where, got.get("tailings_facility", "(absent)"), best["name"] or best["id"])
    table.near("runout_p50_km", where, got.get("runout_p50_km", "(absent)"), told["p50"], 0.0006)
    table.near("runout_p90_km", where, got.get("runout_p90_km", "(absent)"), told["p90"], 0.0006)
    known = [s["population"] for s in told["settlements"] if s["population"]]
    people = None if "settlements" not in around.given or told["settlements"] and not known else sum(known)
    table.same("people_in_runout", where, got.get("people_in_runout", "(absent)"), people)
    table.same("areas_in_runout", where, got.get("areas_in_runout", "(absent)"), len(told["areas"]) if "sensitive_areas" in around.given else None)


def compare(table, where, got, site, group, parts, covered, world):
    """One site of sites.geojson; returns what `explain` has to say of it."""
    around = around_of(site, world)
    indicators = expect(site, group, parts, covered, around, world)
    spot = where + " " + " ".join(f"{environment.COLUMNS[k].split('_')[0]}={'-' if e is None else format(e, '.3f')}({k_:.2f})" for k, (e, k_) in indicators.items() if e is not None or k_)
    for key, column in environment.COLUMNS.items():
        table.near(column, spot, got.get(column, "(absent)"), indicators[key][0], INDICATOR_TOLERANCE)
    told = environment.score(indicators, world.n)
    compare_scores(table, spot, got, told)
    compare_nearest(table, where, got, around, world)
    compare_flags(table, where, got, around, indicators, world, site)
    compare_downstream(table, where, got, around)
    compare_runout(table, where, got, around, group, world)
    row = read.dam_of(site["row"], site["lon"], site["lat"])
    table.same("tailings_class", where, got.get("tailings_class", "(absent)"), row["class"])
    for key in ("height_m", "volume_m3"):
        table.near(f"tailings_{key}", where, got.get(f"tailings_{key}", "(absent)"), row[key], 1e-9)
    if world.accidents is not None and covered:
        known = world.accidents.known_at(world.as_of)
        d, _ = shapes.distances(site["lon"], site["lat"], known.lon, known.lat)
        table.same("accidents_50km", where, got.get("accidents_50km", "(absent)"), int((d <= world.n["buffers"]["window_radius_km"]).sum()))
    return indicators, told


def compare_explained_bars(table, where, got, told):
    by_name = {b["bar"]: b for b in got}
    table.same("explain: bars", where, sorted(by_name), sorted(environment.BARS))
    for name, bar in by_name.items():
        spot = f"{where} {name}"
        for key in ("score", "at_least"):
            table.near(f"explain: bar, {key.replace('_', ' ')}", spot, bar[key], told[name][key], 0.01)
        table.near("explain: bar, coverage", spot, bar["coverage"], told[name]["coverage"], 2e-4)
        table.near("explain: bar, weight", spot, bar["weight"], told[name]["weight"], 1e-9)


def compare_explained(table, where, answer, expected):
    """Values, weights and points as they are, unrounded; all points add up to the score."""
    indicators, told = expected
    got, whole = answer["environment"], told["environment"]
    table.near("explain: environment score", where, got["score"], whole["score"] if whole["known"] else None, 0.01)
    table.same("explain: environment band", where, got["band"], method.band(whole["score"] if whole["known"] else None))
    table.near("explain: environment coverage", where, got["coverage"], whole["coverage"], 1e-4)
    table.near("explain: environment at least", where, got.get("at_least", "(absent)"), whole["at_least"], 0.01)
    compare_explained_bars(table, where, got.get("bars", []), told)
    by_key = {i["indicator"]: i for i in got["indicators"]}
    table.same("explain: indicators", where, sorted(by_key), sorted(indicators))
    total = 0.0
    for key, (value, known) in indicators.items():
        one, spot = by_key.get(key, {}), f"{where} {key}"
        table.near("explain: known", spot, one.get("known", "(absent)"), known, 2e-4)
        table.near("explain: value", spot, one.get("value", "(absent)"), value, 2e-4)
        if key not in whole["points"]:
            table.same("explain: points of the hazard", spot, (one.get("contribution"), one.get("assumed")), (None, None))
            continue
        points, assumed = whole["points"][key] if whole["known"] else (None, None)
        table.near("explain: points", spot, one.get("contribution", "(absent)"), points, 0.01)
        table.near("explain: assumed", spot, one.get("assumed", "(absent)"), assumed, 0.01)
        total += (one.get("contribution") or 0.0) + (one.get("assumed") or 0.0)
    if whole["known"]:
        table.near("explain: points add up to the score", where, total, got["score"], 1e-9)
