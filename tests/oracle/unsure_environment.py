"""The environment score where it is not all known: unknown parts, and the distances that decide E1 and E4, drawn."""

import math

import numpy as np

import compare_environment
import coverage
import environment
import method
import read
import shapes
import surroundings
from compare_scores import parts_of


def environments(args, inputs, n):
    """The indicators of each site that has an environment score, None of another; and what lies around each."""
    receptors = {}
    for kind, path in (pair.split("=", 1) for pair in args.receptors):
        receptors.setdefault(kind, []).extend(read.read_receptors(path, n, kind))
    records = [r for path in args.incidents for r in read.read_records(path)]
    files = {path: [r for r in read.read_records(path) if r["domain"] == "accident"] for path in args.incidents}
    accidents = read.incidents_of([r for r in records if r["domain"] == "accident"])
    quakes = [{**r, "day": r["last"]} for r in records if r["domain"] == "earthquake"]
    cover = coverage.Coverage(files, args.as_of.toordinal(), inputs.world, inputs.said, method.DEFAULT.grace_d["accident"])
    world = compare_environment.World(n, receptors, (args.complete or "").split(","), accidents, quakes, inputs.said is not None, args.as_of, {})
    out, arounds = [], []
    for site, group in zip(inputs.sites, inputs.groups):
        until = cover.until(site)
        kept = until is not None and not cover.ended(until)
        around = compare_environment.around_of(site, world)
        told = compare_environment.expect(site, group, parts_of(group, method.DEFAULT), kept, around, world)
        out.append(told if environment.score(told, n)["environment"]["known"] else None)
        arounds.append(around)
    return out, arounds


def nearest_area(around):
    """The sensitive area that decides E1: (value of its kind, distance in km, receptor), or None."""
    n = around.n["environment"]["sensitive_areas"]
    found = [(n[a["value"]] * surroundings.zone(d, n["decay_km"], around.n), n[a["value"]], d, a) for d, a in around.areas]
    best = max(found, key=lambda x: x[0], default=None)
    return None if best is None else best[1:]


def nearest_water(around):
    """The river or water body that decides E4, likewise."""
    waters = [(d, w) for d, w in around.rivers + around.waters if not surroundings.rough(w, around.n)]
    best = min(waters, key=lambda x: x[0], default=None)
    return None if best is None else (1.0, *best)


def moved(rng, site, receptor, d, step):
    """Distances to a receptor after moves of the site (2 by draws), and of the receptor where it is a point."""
    if receptor.get("shape") is None or receptor["shape"].geom_type == "Point":
        center = float(shapes.distances(site["lon"], site["lat"], [receptor["lon"]], [receptor["lat"]])[0][0]) if receptor.get("shape") is None else d
        own = rng.normal(size=step.shape) * receptor["r90"] / method.R90_PER_SIGMA
        reach = math.sqrt((receptor.get("area_km2") or 0.0) / math.pi) if receptor.get("shape") is None else 0.0
        return np.maximum(np.hypot(center + own[0] - step[0], own[1] - step[1]) - reach, 0.0)
    if "Polygon" in receptor["shape"].geom_type:
        return np.zeros(step.shape[1]) if d <= 0.0 else np.maximum(d - step[0], 0.0)
    return np.abs(d - step[0])


def scores(sites, indicators, arounds, n, draws, seed=8):
    """Scores of draws by sites, NaN for a site without one; indicators are {name: (value, known)}, None of a site without a score."""
    rng = np.random.default_rng(seed)
    p = n["environment"]["power"]
    out = np.full((draws, len(sites)), np.nan)
    for k, (site, told, around) in enumerate(zip(sites, indicators, arounds)):
        if told is None:
            continue
        step = rng.normal(size=(2, draws)) * site["r90"] / method.R90_PER_SIGMA
        e = {key: np.full(draws, pair[0] or 0.0) for key, pair in told.items()}
        area, water = nearest_area(around), nearest_water(around)
        if area is not None:
            decay = n["environment"]["sensitive_areas"]["decay_km"]
            e["sensitive_areas"] = area[0] * np.exp(-n["distance"]["exponential_rate"] * moved(rng, site, area[2], area[1], step) / decay)
        if water is not None:
            decay = n["environment"]["water_nearby"]["decay_km"]
            value = np.exp(-n["distance"]["exponential_rate"] * moved(rng, site, water[2], water[1], step) / decay)
            e["water_nearby"] = np.interp(value, [0.0, *n["environment"]["water_nearby"]["quartiles"], 1.0], [0.0, 0.25, 0.5, 0.75, 1.0])
        total, whole = np.zeros(draws), 0.0
        bars = n["environment"]["bars"]
        for bar, weight in bars.items():
            for key, w in environment.weights(n, bar).items():
                w *= weight / math.fsum(bars.values())
                known, r = told[key][1], n["environment"][key]["reference"]
                drawn = rng.random(draws) ** ((r**-p - 1.0) / p) if r > 0.0 else np.zeros(draws)
                total += w * (known * e[key] ** p + (1.0 - known) * np.maximum(e[key], drawn) ** p)
                whole += w
        out[:, k] = 100.0 * (total / whole) ** (1.0 / p)
    return out
