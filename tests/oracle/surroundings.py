"""What lies around a site, from the method's text and the scheme file: one site against every receptor.

Each indicator is a pair: its value from 0 to 1, or None where it is missing, and the share of it that is known.
"""

import math
import tomllib
from pathlib import Path

import numpy as np

import rivers
from shapes import covered_share, distance_to_shape, distances

SCHEMES = Path(__file__).parents[2] / "data/schemes"


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
        self.rough = [(d, a) for d, a in areas if rough(a, n)]
        self.rough_areas = [d for d, _ in self.rough]
        self.rivers, self.waters = of("rivers"), of("water_bodies")
        self.settlements = of("settlements")
        self.peopled = [(d, s) for d, s in self.settlements if s["population"]]
        self.tailings = of("tailings")
        self.basins = receptors.get("water_stress", [])
        self.network = network or rivers.Network(receptors.get("rivers", []))

    def nearest(self, found):
        return min((d for d, _ in found), default=None)


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


def people(around, cells=(0.0, 0.0)):
    """`cells` are the Q of a raster of people and its known share: the larger Q counts, and what is known of either."""
    n = around.n["environment"]["people"]
    d = around.nearest(around.peopled)
    whole = "settlements" in around.complete and not any(x <= n["reach_km"] and not s["population"] for x, s in around.settlements)
    q = math.fsum(s["population"] * zone(x, n["decay_km"], around.n) for x, s in around.peopled if x <= n["search_km"])
    value = remap(clamp(math.log10(1.0 + max(q, cells[0])) / n["decades"]), n["quartiles"])
    return value, max(layer_share(math.inf if d is None else d, n["reach_km"], whole, around.n), cells[1])


def downstream(around, people_share):
    """People along the rivers that the site drains to; the share of E6's layer counts where none are known."""
    n = around.n["environment"]["downstream"]
    near = around.network.near(around.lon, around.lat, n["snap_km"])
    best, met, known = 0.0, False, None
    for d, key in near:
        way = around.network.course(around.lon, around.lat, key, n["follow_km"])
        known = way.known if known is None else known
        at = [(way.passes(s, n["beside_km"]), s["population"]) for _, s in around.peopled]
        at = [(km, p) for km, p in at if km is not None]
        met = met or bool(at)
        q = math.fsum(p * zone(km, n["decay_km"], around.n) for km, p in at)
        best = max(best, clamp(fade(d, n["snap_km"]) * math.log10(1.0 + q) / n["decades"]))
    share = fade(near[0][0], n["snap_km"]) if near else 0.0
    return best, share * (1.0 if known is None else known) * (1.0 if met else people_share)


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


def world_heritage(around):
    """Kilometers to the nearest World Heritage site whose place is known well enough, or None."""
    return min((d for d, a in around.areas if a["world_heritage"]), default=None)


def surely_outside_heritage(around, accuracy_km):
    """Whether the layer is declared complete and no World Heritage site can hold the place, whatever the errors."""
    if "sensitive_areas" not in around.complete:
        return False
    for d, a in around.areas + around.rough:
        if not a["world_heritage"]:
            continue
        if a.get("shape") is None and not a["area_km2"]:
            return False
        circle = math.sqrt(a["area_km2"] / math.pi) if a.get("shape") is None else 0.0
        if d - circle - (a["r90_given"] or 0.0) <= accuracy_km:
            return False
    return True


def area_shares(around, radii):
    shapes = [a["shape"] for _, a in around.areas if a.get("shape") is not None and "Polygon" in a["shape"].geom_type]
    return {r: covered_share(around.lon, around.lat, r, shapes) if shapes else None for r in radii}


def people_within(around, radius_km):
    """People of known population so near; None where none of those so near is known."""
    near = [s for d, s in around.settlements if d <= radius_km]
    counted = [s["population"] for s in near if s["population"]]
    return None if near and not counted else sum(counted)
