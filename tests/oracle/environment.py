"""The environment score, recomputed naively from the method's text and the scheme file; the hazard beside it.

    python environment.py --selftest     sentences of the method, the row it works, and cases by hand
"""

import argparse
import copy
import math
import sys

import method
from pressure import accidents, beyond, runout, tailings
from shapes import distances
from surroundings import Surroundings, clamp, layer_share, numbers, people, remap, stress_of, zone

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
LEAST = 1e-6  # a value below this of which nothing is known is missing


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
        "missing": [key for key in w if indicators[key][0] is None and w[key] > 0.0],
    }


def score(indicators, n):
    """The four bars of the score, the one beside it, and the score itself: {"nature": ..., "environment": ...}."""
    bars = {bar: combine(indicators, weights(n, bar), n) for bar in BARS}
    of_bar = n["environment"]["bars"]
    total = math.fsum(of_bar.values())
    w = {key: of_bar[bar] / total * x for bar in of_bar for key, x in weights(n, bar).items()}
    for bar, told in bars.items():
        told["weight"] = of_bar.get(bar, 0.0) / total
        told.update(score=told["score"] if told["told"] else None, at_least=told["at_least"] if told["told"] else None)
    whole = combine(indicators, w, n)
    whole["at_least"] = whole["at_least"] if whole["told"] else None
    whole["known"] = whole["coverage"] >= n["environment"]["minimum_coverage"]
    return {**bars, "environment": whole}


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
    check("people not known", known({"people": people(Surroundings(66.0, 30.0, unknown, [], n))})["people"][0], None)
    none = {**big, "class": "none"}
    check("none states that there are no tailings", tailings(around, none, [none], layers)[1], 1.0)
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--selftest", action="store_true", required=True)
    parser.parse_args()
    sys.exit(selftest())
