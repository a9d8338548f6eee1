"""What a site can do, from the method's text and the scheme file: tailings and the record of accidents.

Each indicator is a pair: its value from 0 to 1, or None where it is missing, and the share of it that is known.
"""

import math
from dataclasses import replace

import numpy as np
from scipy.special import ndtr, ndtri

import method
from surroundings import edge_km, fade, rough


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
    kinds["sensitive_areas"] = lambda r: n["environment"]["sensitive_areas"][r["value"]]
    placed = lambda kind, r: kind not in ("water_bodies", "sensitive_areas") or not rough(r, n)
    found = [(v(r), edge_km(dam["lon"], dam["lat"], r)) for kind, v in kinds.items() for r in receptors.get(kind, []) if placed(kind, r)]
    return max((v * beyond(d, *median) * fade(d, t["search_km"]) for v, d in found), default=0.0)


def tailings(around, site, own, receptors):
    """`own` are what the rows of the site and its parts say of tailings; a part's `none` is not the site's."""
    own_class = site["class"]
    n = around.n["environment"]["tailings"]
    told = dams(around, own)
    if not told:
        stated = own_class == "none" or "tailings" in around.complete
        return (0.0, 1.0) if stated else (None, 0.0)
    if not {"settlements", "rivers", "water_bodies", "sensitive_areas"} & around.given:
        return None, 0.0  # nothing is known of what they can reach
    value = max((s * n[dam["class"].replace(" ", "_")] * reached(dam, receptors, around.n) for s, dam in told if dam["class"]), default=0.0)
    stated = own_class or any(dam["class"] not in (None, "none") for dam in own) or "tailings" in around.complete
    base = 1.0 if stated else max((s for s, dam in told if dam["class"]), default=0.0)
    unknown = max((s for s, dam in told if not dam["class"]), default=0.0)
    return value, min(base, 1.0 - unknown)


def exposed(around, dam, receptors):
    """The columns of a run-out: its median and its 90 % quantile, people and areas within the median."""
    n = around.n["environment"]
    median, sigma = runout(dam, around.n)
    # Followed beyond the median, so that nothing just past it is met at its end.
    way = around.network.release(dam["lon"], dam["lat"], n["downstream"]["snap_km"], max(median, n["tailings"]["search_km"]))
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
