"""The environment score, recomputed naively from the method's text and the scheme file: one site against everything.

Each indicator is a pair: its value from 0 to 1, or None where it is missing, and the share of it that is known.

    python environment.py --selftest     sentences of the method, the row it works, and cases by hand
"""

import argparse
import copy
import math
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from scipy.special import ndtr, ndtri

import method
import rivers
from shapes import covered_share, distance_to_shape, distances

SCHEMES = Path(__file__).parents[2] / "data/schemes"
BARS = {
    "nature": ("sensitive_areas", "species", "habitat"),
    "water": ("water_nearby", "water_stress"),
    "people": ("people", "downstream"),
    "pressure": ("tailings", "accidents"),
    "hazard": ("seismic", "flood", "outburst"),
}
COLUMNS = {
    "sensitive_areas": "e1_sensitive_areas",
    "water_stress": "e2_water_stress",
    "seismic": "e3_seismic",
    "water_nearby": "e4_water_nearby",
    "accidents": "e5_accidents",
    "people": "e6_people",
    "species": "e7_species",
    "habitat": "e8_habitat",
    "downstream": "e9_downstream",
    "tailings": "e10_tailings",
    "flood": "e12_flood",
    "outburst": "e13_outburst",
}
# What a person reads in the columns of what is missing and what drives a score.
WORDS = {"water_nearby": "rivers and water bodies", "people": "people nearby", "seismic": "earthquakes", "habitat": "natural habitat", "downstream": "people downstream", "flood": "floods", "outburst": "outburst floods"}
LEAST = 0.005  # a value below this of which nothing is known is missing


def scheme_file(name):
    """The path of a scheme: of one of the program's own by its name."""
    own = SCHEMES / f"{name}.toml"
    return own if own.exists() else Path(name)


def numbers(path=None):
    """The numbers of the default scheme, with what a scheme file says otherwise."""
    default = tomllib.loads(scheme_file("default").read_text(encoding="utf-8"))

    def over(base, told):
        for key, value in told.items():
            base[key] = over(base[key], value) if isinstance(value, dict) else value
        return base

    return over(default, tomllib.loads(scheme_file(path).read_text(encoding="utf-8"))) if path else default


def zone(d, radius_km, n):
    return math.exp(-n["distance"]["exponential_rate"] * d / radius_km)


def fade(d, limit):
    return min(max(2.0 - 2.0 * d / limit, 0.0), 1.0)


def remap(x, quartiles):
    return float(np.interp(x, [0.0, *quartiles, 1.0], [0.0, 0.25, 0.5, 0.75, 1.0]))


def clamp(x):
    return min(max(x, 0.0), 1.0)


def layer_share(d, reach_km, complete, n):
    """k of a layer whose nearest receptor that counts lies at d."""
    gaps = n["environment"]["gaps"]
    return 1.0 if complete else max(fade(d, reach_km), gaps["known"] * fade(d, gaps["reaches"] * reach_km))


def edge_km(lon, lat, r):
    """Kilometers to a receptor's edge, 0 inside; of a center with an area, to the circle of that area."""
    if r.get("shape") is not None:
        return distance_to_shape(lon, lat, r["shape"])
    d = float(distances(lon, lat, [r["lon"]], [r["lat"]])[0][0])
    return max(0.0, d - math.sqrt((r.get("area_km2") or 0.0) / math.pi))


def rough(r, n):
    """Whether only a center is known, and that too roughly."""
    return r.get("shape") is None and r["r90"] > n["environment"]["sensitive_areas"]["centroid_accuracy_km"]


class Surroundings:
    """What lies around one site: every receptor with the distance to its edge."""

    def __init__(self, lon, lat, receptors, complete, n, network=None):
        self.lon, self.lat, self.n, self.complete, self.given = lon, lat, n, set(complete), set(receptors)
        of = lambda kind: [(edge_km(lon, lat, r), r) for r in receptors.get(kind, [])]
        areas = of("sensitive_areas")
        self.areas = [(d, a) for d, a in areas if not rough(a, n)]
        self.rough_areas = [d for d, a in areas if rough(a, n)]
        self.rivers, self.waters = of("rivers"), of("water_bodies")
        self.settlements = of("settlements")
        self.peopled = [(d, s) for d, s in self.settlements if s["population"]]
        self.tailings = of("tailings")
        self.basins = receptors.get("water_stress", [])
        self.network = network or rivers.Network(receptors.get("rivers", []))

    def nearest(self, found):
        return min((d for d, _ in found), default=None)


# --- surroundings ---------------------------------------------------------------------------


def sensitive_areas(around):
    n = around.n["environment"]["sensitive_areas"]
    d = around.nearest(around.areas)
    whole = "sensitive_areas" in around.complete and not any(x <= n["reach_km"] for x in around.rough_areas)
    value = max((n[a["value"]] * zone(x, n["decay_km"], around.n) for x, a in around.areas), default=0.0)
    return value, layer_share(math.inf if d is None else d, n["reach_km"], whole, around.n)


def water_stress(around, own):
    """`own` is the site's own value, 0 to 1, or None."""
    value = own
    if value is None:
        inside = [b["stress"] for b in around.basins if b["stress"] is not None and b["shape"] is not None and distance_to_shape(around.lon, around.lat, b["shape"]) == 0.0]
        value = max(inside, default=None)
    return (None, 0.0) if value is None else (value, 1.0)


def stress_of(n, score=None, ratio=None, category=None):
    """Baseline water stress, 0 to 1: arid over all, a score over a ratio, a ratio over a category; below 0 is no value."""
    n = n["environment"]["water_stress"]
    words = {"low": 0.5, "0": 0.5, "low - medium": 1.5, "1": 1.5, "medium - high": 2.5, "2": 2.5, "high": 3.5, "3": 3.5, "extremely high": 4.5, "4": 4.5}
    word = (category or "").split("(")[0].strip().lower()
    if word in ("arid", "arid and low water use", "-1"):
        return n["arid"]
    if score is not None and score >= 0:
        return min(score, n["score_max"]) / n["score_max"]
    if ratio is not None and ratio >= 0:
        raw = math.log2(ratio / n["ratio_floor"]) + 1.0 if ratio > 0 else 0.0
        return min(max(raw, 0.0), n["score_max"]) / n["score_max"]
    return words[word] / n["score_max"] if word in words else None


def water_nearby(around):
    n = around.n["environment"]["water_nearby"]
    waters = around.rivers + around.waters
    d = around.nearest([(x, w) for x, w in waters if not rough(w, around.n)])
    given = {"rivers", "water_bodies"} & around.given
    whole = bool(given) and given <= around.complete and not any(x <= n["reach_km"] for x, w in waters if rough(w, around.n))
    value = 0.0 if d is None else zone(d, n["decay_km"], around.n)
    return remap(value, n["quartiles"]), layer_share(math.inf if d is None else d, n["reach_km"], whole, around.n)


def people(around):
    n = around.n["environment"]["people"]
    d = around.nearest(around.peopled)
    if not any(x <= n["reach_km"] for x, _ in around.peopled) and any(x <= n["reach_km"] for x, _ in around.settlements):
        return None, 0.0  # settlements in reach, none of known population
    q = math.fsum(s["population"] * zone(x, n["decay_km"], around.n) for x, s in around.peopled if x <= n["search_km"])
    value = remap(clamp(math.log10(1.0 + q) / n["decades"]), n["quartiles"])
    return value, layer_share(math.inf if d is None else d, n["reach_km"], "settlements" in around.complete, around.n)


def downstream(around, people_share):
    """People along the rivers that the site drains to; the share of E6's layer counts where none are known."""
    n = around.n["environment"]["downstream"]
    near = around.network.near(around.lon, around.lat, n["snap_km"])
    best, met = 0.0, False
    for d, key in near:
        way = around.network.course(around.lon, around.lat, key, n["follow_km"])
        at = [(way.passes(s, n["beside_km"]), s["population"]) for _, s in around.peopled]
        at = [(km, p) for km, p in at if km is not None]
        met = met or bool(at)
        q = math.fsum(p * zone(km, n["decay_km"], around.n) for km, p in at)
        best = max(best, fade(d, n["snap_km"]) * clamp(math.log10(1.0 + q) / n["decades"]))
    share = fade(near[0][0], n["snap_km"]) if near else 0.0
    return best, share * (1.0 if met else people_share)


def followed(around):
    """What lies downstream of the nearest reach: the columns that begin with `downstream_`."""
    n = around.n["environment"]["downstream"]
    near = around.network.near(around.lon, around.lat, n["snap_km"])
    if not near:
        return None
    way = around.network.course(around.lon, around.lat, near[0][1], n["follow_km"])
    along = lambda found: sorted(((km, r) for km, r in ((way.passes(r, n["beside_km"]), r) for r in found) if km is not None), key=lambda x: x[0])
    settlements = along([s for _, s in around.settlements])
    areas = along([{**a, "circle_km": math.sqrt((a["area_km2"] or 0.0) / math.pi)} for _, a in around.areas])
    return {"snapped_km": near[0][0], "reach": near[0][1], "settlements": settlements, "areas": areas}


# --- pressure -------------------------------------------------------------------------------


def runout(dam, n):
    """Median of the run-out in kilometers, and the standard deviation of its decimal logarithm."""
    r = n["environment"]["tailings"]["runout"]
    if dam["height_m"] is None or dam["volume_m3"] is None:
        return r["unknown_km"], r["unknown_sigma"]
    stored = dam["volume_m3"] / 1e6
    released = r["released_factor"] * stored ** r["released_exponent"]
    return r["length_factor"] * (dam["height_m"] * (released / stored) * released) ** r["length_exponent"], r["sigma"]


def beyond(d, median, sigma):
    """P(d), the chance that tailings run out beyond d."""
    return 1.0 if d <= 0.0 else float(ndtr((math.log10(median) - math.log10(d)) / sigma))


def dams(around, own):
    """(share, dam) of the facilities: the site's own and its parts', and those of the layer nearby."""
    n = around.n["environment"]["tailings"]
    of_layer = [(fade(d, n["own_km"]), t["dam"]) for d, t in around.tailings if d < n["own_km"]]
    return [(s, dam) for s, dam in [(1.0, dam) for dam in own] + of_layer if dam["class"] != "none"]


def reached(dam, receptors, n):
    """The largest v P(d) fade(d) over settlements, water and sensitive areas."""
    t, median = n["environment"]["tailings"], runout(dam, n)
    kinds = {"settlements": lambda r: t["people"], "rivers": lambda r: t["water"], "water_bodies": lambda r: t["water"]}
    kinds["sensitive_areas"] = lambda r: 0.0 if rough(r, n) else n["environment"]["sensitive_areas"][r["value"]]
    found = [(v(r), edge_km(dam["lon"], dam["lat"], r)) for kind, v in kinds.items() for r in receptors.get(kind, [])]
    return max((v * beyond(d, *median) * fade(d, t["search_km"]) for v, d in found), default=0.0)


def tailings(around, site, own, receptors):
    """`own` are what the rows of the site and its parts say of tailings; a part's `none` is not the site's."""
    own_class = site["class"]
    n = around.n["environment"]["tailings"]
    told = dams(around, own)
    if not told:
        stated = own_class == "none" or "tailings" in around.complete
        return (0.0, 1.0) if stated else (None, 0.0)
    value = max((s * n[dam["class"].replace(" ", "_")] * reached(dam, receptors, around.n) for s, dam in told if dam["class"]), default=0.0)
    stated = own_class or any(dam["class"] not in (None, "none") for dam in own) or "tailings" in around.complete
    base = 1.0 if stated else max((s for s, _ in told), default=0.0)
    unknown = max((s for s, dam in told if not dam["class"]), default=0.0)
    return value, min(base, 1.0 - unknown)


def exposed(around, dam, receptors):
    """The columns of a run-out: its median and its 90 % quantile, people and areas within the median."""
    n = around.n["environment"]
    median, sigma = runout(dam, around.n)
    way = around.network.release(dam["lon"], dam["lat"], n["downstream"]["snap_km"], median)
    if way is not None:
        at = lambda r: way.passes({**r, "circle_km": math.sqrt((r.get("area_km2") or 0.0) / math.pi) if "value" in r else 0.0}, n["downstream"]["beside_km"])
    else:
        at = lambda r: edge_km(dam["lon"], dam["lat"], r)
    inside = lambda r: (km := at(r)) is not None and km <= median
    settlements = [s for s in receptors.get("settlements", []) if inside(s)]
    areas = [a for a in receptors.get("sensitive_areas", []) if not rough(a, around.n) and inside(a)]
    return {"p50": median, "p90": median * 10.0 ** (float(ndtri(0.9)) * sigma), "settlements": settlements, "areas": areas}


def accidents(parts, found, as_of, covered, declared, n):
    """The security kernel with one scale; every event weighs the same; linked parts as there."""
    a = n["environment"]["accidents"]
    if not covered or found is None:
        return None, 0.0
    kernel = method.Kernel(shares=(1.0,), scales=(a["scale_km"],), cutoff=a["cutoff"])
    scheme = replace(method.DEFAULT, kernel=kernel, half_life_d=a["half_life_days"], fatality_factor=a["fatality_factor"])
    found = replace(found, weight=np.full(len(found), a["event"]))
    intensity = method.security(parts, found, as_of, scheme)["intensity"]
    return method.squash(intensity, a["reference_intensity"], a["exponent"]), 1.0 if declared else n["environment"]["gaps"]["known"]


# --- hazard ---------------------------------------------------------------------------------


def mmi(magnitude, hypocentral_km, n):
    """Allen, Wald and Worden (2012), active shallow crust."""
    r = n["environment"]["seismic"]["relation"]
    rm = r["m1"] + r["m2"] * math.exp(magnitude - 5.0)
    told = r["c0"] + r["c1"] * magnitude + r["c2"] * math.log(math.hypot(hypocentral_km, rm))
    return told + (r["c4"] * math.log(hypocentral_km / r["far_km"]) if hypocentral_km > r["far_km"] else 0.0)


def seismic(lon, lat, quakes, complete, n):
    """Quakes are {"lon", "lat", "depth", "magnitude"}, up to the as-of date."""
    s = n["environment"]["seismic"]
    d, _ = distances(lon, lat, [q["lon"] for q in quakes], [q["lat"] for q in quakes])
    depth = lambda q: s["default_depth_km"] if q["depth"] is None else q["depth"]
    counted = [(km, q) for km, q in zip(d, quakes) if q["magnitude"] is not None and q["magnitude"] >= s["least_magnitude"] and depth(q) <= s["max_depth_km"]]
    whole = complete and not any(km <= s["reach_km"] for km, q in zip(d, quakes) if q["magnitude"] is None)
    shaking = max((mmi(q["magnitude"], math.hypot(km, depth(q)), n) for km, q in counted), default=-math.inf)
    share = layer_share(min((km for km, _ in counted), default=math.inf), s["reach_km"], whole, n)
    return clamp((shaking - s["mmi_floor"]) / s["mmi_span"]), share


# --- the score ------------------------------------------------------------------------------


def known(indicators):
    """Values of which nothing is known and which are next to nothing are missing."""
    return {key: (None, 0.0) if e is None or (k == 0.0 and e < LEAST) else (e, k) for key, (e, k) in indicators.items()}


def weights(n, bar):
    """Weights of a bar's indicators, divided by their sum."""
    told = {key: n["environment"][key]["weight"] for key in BARS[bar]}
    return {key: w / math.fsum(told.values()) for key, w in told.items()}


def combine(indicators, w, n):
    """Score, at least, coverage, what drives it, what is missing, and the points of each indicator: known and assumed."""
    p = n["environment"]["power"]
    e = {key: indicators[key][0] or 0.0 for key in w}
    k = {key: indicators[key][1] for key in w}
    r = {key: max(e[key], n["environment"][key]["reference"]) for key in w}
    whole = math.fsum(w.values())
    floor = math.fsum(w[key] * e[key] ** p for key in w)
    total = math.fsum(w[key] * (k[key] * e[key] ** p + (1.0 - k[key]) * r[key] ** p) for key in w)
    score = 100.0 * (total / whole) ** (1.0 / p)
    share = score / total if total > 0 else 0.0
    points = {key: (share * w[key] * e[key] ** p, share * w[key] * (1.0 - k[key]) * (r[key] ** p - e[key] ** p)) for key in w}
    strongest = max(w, key=lambda key: points[key][0])
    return {
        "score": score,
        "at_least": 100.0 * (floor / whole) ** (1.0 / p),
        "coverage": math.fsum(w[key] * k[key] for key in w) / whole,
        "points": points,
        "told": any(indicators[key][0] is not None for key in w if w[key] > 0.0),  # whether there is a value at all
        "driver": strongest if points[strongest][0] > 0.0 else None,
        "missing": [key for key in w if k[key] == 0.0 and w[key] > 0.0],
    }


def score(indicators, n):
    """The four bars of the score, the one beside it, and the score itself: {"nature": ..., "environment": ...}."""
    bars = {bar: combine(indicators, weights(n, bar), n) for bar in BARS}
    of_bar = n["environment"]["bars"]
    total = math.fsum(of_bar.values())
    w = {key: of_bar[bar] / total * x for bar in of_bar for key, x in weights(n, bar).items()}
    for told in bars.values():
        told.update(score=told["score"] if told["told"] else None, at_least=told["at_least"] if told["told"] else None)
    whole = combine(indicators, w, n)
    whole["at_least"] = whole["at_least"] if whole["told"] else None
    whole["known"] = whole["coverage"] >= n["environment"]["minimum_coverage"]
    return {**bars, "environment": whole}


def world_heritage(around):
    """Kilometers to the nearest World Heritage site whose place is known well enough, or None."""
    return min((d for d, a in around.areas if a["world_heritage"]), default=None)


def area_shares(around, radii):
    shapes = [a["shape"] for _, a in around.areas if a.get("shape") is not None and "Polygon" in a["shape"].geom_type]
    return {r: covered_share(around.lon, around.lat, r, shapes) if shapes else None for r in radii}


def people_within(around, radius_km):
    """People of known population so near; None where none of those so near is known."""
    near = [s for d, s in around.settlements if d <= radius_km]
    counted = [s["population"] for s in near if s["population"]]
    return None if near and not counted else sum(counted)


# --- selftest -------------------------------------------------------------------------------


def selftest():
    failures = []
    n = numbers()

    def check(what, got, want, tolerance=1e-9):
        same = got is None and want is None or isinstance(want, str) and got == want
        ok = same or (None not in (got, want) and not isinstance(want, str) and abs(got - want) <= tolerance)
        print(f"{'ok  ' if ok else 'FAIL'} {what}: {got} (expected {want})")
        if not ok:
            failures.append(what)

    # The row that the method works by hand.
    dam = {"class": "high", "height_m": None, "volume_m3": None}
    row = {
        "sensitive_areas": (max(0.8 * zone(15.0, 50.0, n), zone(30.0 - math.sqrt(500.0 / math.pi), 50.0, n)), 1.0),
        "water_stress": (stress_of(n, ratio=0.5), 1.0),
        "seismic": (clamp((mmi(6.8, math.hypot(60.0, 10.0), n) - 4.0) / 5.0), 1.0),
        "water_nearby": (zone(4.0, 25.0, n), 1.0),
        "tailings": (0.6 * beyond(4.0, *runout(dam, n)), 1.0),
    }
    row |= {key: (None, 0.0) for key in COLUMNS if key not in row}
    for key, want in {"sensitive_areas": 0.3536, "water_stress": 0.6644, "seismic": 0.4048, "water_nearby": 0.6198, "tailings": 0.4153}.items():
        check(f"{key} of the method's row", row[key][0], want, 5e-5)
    told = score(row, n)
    check("score of the row", told["environment"]["score"], 52.56, 0.005)
    check("at least", told["environment"]["at_least"], 46.86, 0.005)
    check("coverage", told["environment"]["coverage"], 0.605, 1e-9)
    for key, want in {"sensitive_areas": (3.02, 0), "water_stress": (13.42, 0), "water_nearby": (15.24, 0), "people": (0, 18.97), "downstream": (0, 0.21), "tailings": (1.54, 0)}.items():
        for got, expected in zip(told["environment"]["points"][key], want):
            check(f"points of {key}", got, expected, 0.005)
    points = [x for pair in told["environment"]["points"].values() for x in pair]
    check("all points add up to the score", math.fsum(points), told["environment"]["score"])
    for bar, want in {"nature": (33.44, 33.65, 0.8), "water": (63.88, 63.88, 1.0), "people": (None, None, 0.0), "pressure": (34.93, 35.39, 0.5), "hazard": (34.04, 34.05, 0.5)}.items():
        for what, expected in zip(("at_least", "score", "coverage"), want):
            check(f"{bar}: {what}", told[bar][what], expected, 0.005)
    check("the driver of the row", told["environment"]["driver"], "water_nearby")

    # Sentences of the method.
    inside = {key: (None, 0.0) for key in COLUMNS} | {"sensitive_areas": (1.0, 1.0)}
    check("inside a strict area nature is 94 or more", min(score(inside, n)["nature"]["score"], 94.0), 94.0)
    check("nothing below coverage 0.4", float(score(inside, n)["environment"]["known"]), 0.0)
    for d, want in ((0.0, 1.0), (50.0, 1.0), (75.0, 0.5), (100.0, 0.5), (500.0, 0.5), (750.0, 0.25), (1000.0, 0.0)):
        check(f"k at {d} km of a reach of 100", layer_share(d, 100.0, False, n), want)
    check("the common scale", remap(0.505, [0.08, 0.41, 0.60]), 0.625)
    check("5 % at 50 km", zone(50.0, 50.0, n), 0.05, 3e-4)
    check("ratio 0.1", stress_of(n, ratio=0.1), 0.2)
    check("a ratio of 0.4 is high", stress_of(n, ratio=0.4), 0.6)
    check("a score over a ratio", stress_of(n, score=5.0, ratio=0.1), 1.0)
    check("no value", stress_of(n, ratio=-9999.0), None)
    check("arid over all", stress_of(n, score=1.0, category="Arid and Low Water Use"), 1.0)
    check("E3 above the hypocenter", clamp((mmi(7.0, 20.0, n) - 4) / 5), (7.572187666 - 4) / 5, 1e-6)
    shock = {"lon": 66.0, "lat": 30.0, "depth": 20.0, "magnitude": 7.0}
    for what, quakes, complete, want in (
        ("a deep earthquake alone", [{**shock, "depth": 71.0}], False, (0.0, 0.0)),
        ("and in a complete catalog", [{**shock, "depth": 71.0}], True, (0.0, 1.0)),
        ("a small one alone", [{**shock, "magnitude": 4.9}], False, (0.0, 0.0)),
        ("one of no magnitude in a complete catalog", [{**shock, "magnitude": None}], True, (0.0, 0.0)),
    ):
        for got, expected in zip(seismic(66.1, 30.0, quakes, complete, n), want):
            check(what, got, expected)
    day = method.date(2024, 6, 30)
    gate = lambda deaths, on: accidents([{"lon": 66.0, "lat": 30.0, "r90": 0}], method.incidents_from([("a", 66.0, 30.0, 0, 0.5, deaths, on)]), day, True, False, n)
    year = method.date(2023, 7, 1)
    check("an accident without deaths at the gate a year ago", gate(0, year)[0], 0.3, 0.07)
    check("one with a death", gate(1, year)[0], 0.5, 0.05)
    check("one with hundreds of deaths", gate(300, year)[0], 0.8, 0.05)
    check("its share", gate(0, year)[1], 0.5)

    # A dam of 30 m and 10 million m3: V_F = 0.332 10^0.95 = 2.958952, H_f = 30 0.2958952 2.958952 = 26.26619.
    big = {"class": "extreme", "lon": 66.0, "lat": 30.0, "height_m": 30.0, "volume_m3": 1e7}
    check("the median run-out", runout(big, n)[0], 3.04 * 26.26619**0.545, 1e-3)
    check("half go beyond the median", beyond(runout(big, n)[0], *runout(big, n)), 0.5)
    check("all reach what lies at the dam", beyond(0.0, 12.0, 0.95), 1.0)
    village = {"lon": 66.0, "lat": 30.1, "r90": 1.0, "population": 999, "shape": None, "area_km2": 0.0}
    layers = {"settlements": [village]}
    around = Surroundings(66.0, 30.0, layers, [], n)
    km = float(distances(66.0, 30.0, [66.0], [30.1])[0][0])
    check("E10 by hand", tailings(around, big, [big], layers)[0], beyond(km, *runout(big, n)))
    check("E6 by hand", people(around)[0], remap(math.log10(1 + 999 * math.exp(-2.99 * km / 10)) / 6, [0.08, 0.41, 0.6]))
    unknown = copy.deepcopy(layers)
    unknown["settlements"][0]["population"] = None
    check("people not known", people(Surroundings(66.0, 30.0, unknown, [], n))[0], None)
    none = {**big, "class": "none"}
    check("none states that there are no tailings", tailings(around, none, [none], layers)[1], 1.0)
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--selftest", action="store_true", required=True)
    parser.parse_args()
    sys.exit(selftest())
