"""The method, recomputed naively: one site against every incident, no index, no shortcuts.

Written from the method's text alone, so that a disagreement with the program means something.
Distances are kilometers on the WGS84 ellipsoid (pyproj.Geod), ages whole days, positions lon, lat.

    python method.py --selftest     hand-worked rows, and the kernel against a Monte Carlo draw
"""

import argparse
import math
import sys
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pyproj
import shapely
from scipy.special import betainc

GEOD = pyproj.Geod(ellps="WGS84")

RINGS_KM = (5, 10, 25, 50, 100)
WINDOWS_D = (90, 365, 1095)
WINDOW_KM = 50
R90_PER_SIGMA = 2.146  # the radius of an isotropic Gaussian that holds 90 %, in sigmas
DEFAULT_R90_KM = 5.0
BANDS = ("very low", "low", "medium", "high", "very high")
NO_DATA = "no data"
PART_WEIGHT = {"mine": 1.0, "camp": 0.7, "road": 0.5, "port": 0.3}
TYPE_WEIGHT = {
    "explosions": 1.0,
    "violence_against_civilians": 1.0,
    "battles": 0.9,
    "looting": 0.5,
    "riots": 0.4,
    "protests": 0.1,
    "strategic_developments": 0.1,
    "unknown": 0.5,
}
REACH_KM = {"E1": 100.0, "E3": 500.0, "E4": 20.0, "E6": 50.0}  # a layer with gaps is missing where nothing is within
PEOPLE_SEARCH_KM = 250.0
ENVIRONMENT_WEIGHTS = {"E1": 0.25, "E2": 0.25, "E3": 0.15, "E4": 0.10, "E5": 0.15, "E6": 0.10}
FIVE_PERCENT = 2.99  # exp(-2.99) is 5 %: what is left at the edge of a zone of influence


@dataclass(frozen=True)
class Kernel:
    """How an incident's weight falls with distance.

    `shares` are shares of the mass of a sum of Gaussians, its integral over the plane. The other
    forms take `influence_km` instead and no account of the position errors.
    """

    shares: tuple = (0.7, 0.3)
    scales: tuple = (20.0, 75.0)
    cutoff: float = 1e-6
    form: str = "gaussian"
    influence_km: float = 50.0

    def peaks(self):
        """The heights of the Gaussians: a Gaussian of peak p and scale h holds the mass 2 pi p h^2."""
        heights = [w / h**2 for w, h in zip(self.shares, self.scales)]
        return [p / math.fsum(heights) for p in heights]

    def __call__(self, d, s2):
        """The expected kernel at distance d under the variance s2 of both position errors."""
        d = np.asarray(d, float)
        near = d / self.influence_km
        if self.form == "gaussian":
            k = sum(p * h**2 / (h**2 + s2) * np.exp(-(d**2) / (2.0 * (h**2 + s2))) for p, h in zip(self.peaks(), self.scales))
        elif self.form == "exponential":
            k = np.exp(-FIVE_PERCENT * near)
        elif self.form == "linear":
            return np.where(near <= 1.0, 1.0 - near, 0.0)
        elif self.form == "quartic":
            return np.where(near <= 1.0, (1.0 - near**2) ** 2, 0.0)
        elif self.form == "step":
            return np.where(d <= self.influence_km, 1.0, 0.0)
        else:
            raise ValueError(self.form)
        return np.where(k < self.cutoff, 0.0, k)


@dataclass(frozen=True)
class Scheme:
    """The numbers of a scheme that the security score and indicator E5 go by."""

    types: dict = field(default_factory=lambda: dict(TYPE_WEIGHT))
    fatality_factor: float = 1.0
    kernel: Kernel = Kernel()
    half_life_d: float = 365.0
    reference: float = 0.5  # the intensity that scores 50
    exponent: float = 0.5
    parts: dict = field(default_factory=lambda: dict(PART_WEIGHT))
    grace_d: dict = field(default_factory=lambda: {"security": 92, "accident": 730})

    @staticmethod
    def read(path):
        """A scheme file that holds what differs from the default; a key that is not known here is refused."""
        told = tomllib.loads(open(path, encoding="utf-8").read())
        for name in ("name", "description"):
            told.pop(name, None)
        default = Scheme()
        security, coverage = told.pop("security", {}), told.pop("coverage", {})
        severity, kernel, score = security.pop("severity", {}), security.pop("kernel", {}), security.pop("score", {})
        recency, parts = security.pop("recency", {}), security.pop("parts", {})
        scheme = Scheme(
            fatality_factor=severity.pop("fatality_factor", 1.0),
            types={**default.types, **severity},
            kernel=Kernel(
                shares=tuple(kernel.pop("weights", default.kernel.shares)),
                scales=tuple(kernel.pop("scales_km", default.kernel.scales)),
                cutoff=kernel.pop("cutoff", default.kernel.cutoff),
                form=kernel.pop("form", "gaussian"),
                influence_km=kernel.pop("influence_km", 50.0),
            ),
            half_life_d=recency.pop("half_life_days", 365.0),
            reference=score.pop("reference_intensity", 0.5),
            exponent=score.pop("exponent", 0.5),
            parts={**default.parts, **parts},
            grace_d={"security": coverage.pop("grace_days", 92), "accident": coverage.pop("accident_grace_days", 730)},
        )
        left = [t for t in (told, security, coverage, kernel, score, recency) if t]
        if left or set(severity) - set(TYPE_WEIGHT) or set(parts) - set(PART_WEIGHT):
            sys.exit(f"{path}: not known to the oracle: {left or severity or parts}")
        return scheme


DEFAULT = Scheme()
# Accidents: the kernel of security with one scale; every event weighs 1.
ACCIDENTS = Scheme(kernel=Kernel(shares=(1.0,), scales=(10.0,)), half_life_d=1825.0)


@dataclass
class Incidents:
    """Incidents as columns; `age` is filled by `dated_by`, negative after the as-of date."""

    id: list = field(default_factory=list)
    lon: np.ndarray = None
    lat: np.ndarray = None
    r90: np.ndarray = None
    weight: np.ndarray = None  # tw, the weight of the event's type
    fatalities: np.ndarray = None
    first_day: np.ndarray = None  # proleptic ordinals
    last_day: np.ndarray = None

    def __len__(self):
        return len(self.id)

    def take(self, mask):
        """The incidents where the mask is true, in their order."""
        columns = {k: getattr(self, k)[mask] for k in ("lon", "lat", "r90", "weight", "fatalities", "first_day", "last_day")}
        return Incidents(id=[i for i, m in zip(self.id, mask) if m], **columns)

    def known_at(self, as_of):
        """Those whose last day is not after the as-of date: the only ones that are used."""
        return self.take(self.last_day <= as_of.toordinal())

    def ages(self, as_of):
        """Days from the last day of each incident to the as-of date."""
        return as_of.toordinal() - self.last_day


def distances(lon, lat, lons, lats):
    """Kilometers and bearings (0 to 360, at the site) from one place to many."""
    lons = np.asarray(lons, float)
    n = len(lons)
    if n == 0:
        return np.zeros(0), np.zeros(0)
    azimuth, _, meters = GEOD.inv(np.full(n, lon), np.full(n, lat), lons, np.asarray(lats, float))
    return np.asarray(meters) / 1000.0, np.mod(azimuth, 360.0)


# --- security -------------------------------------------------------------------------------


def severity(weight, fatalities, factor=1.0):
    return weight * (1.0 + factor * np.log10(1.0 + fatalities))


def error_variance(site_r90, incident_r90):
    """S^2: both position errors together, in square kilometers."""
    return (np.asarray(site_r90) / R90_PER_SIGMA) ** 2 + (np.asarray(incident_r90) / R90_PER_SIGMA) ** 2


def decay(age, half_life):
    return 2.0 ** (-age / half_life)


def squash(intensity, reference=0.5, exponent=0.5):
    """Log-logistic scale, 0 to 1."""
    x = (intensity / reference) ** exponent
    return x / (1.0 + x)


def band(score):
    """The band of a score as it is written (one decimal); an edge belongs to the upper band."""
    if score is None:
        return NO_DATA
    return BANDS[min(int(round(score, 1) // 20), 4)]


def band_number(score):
    """1 to 5, 0 for a missing score."""
    return 0 if score is None else BANDS.index(band(score)) + 1


def risk_cell(security, environment):
    return f"S{band_number(security)}E{band_number(environment)}"


def overall(security, environment, p=4):
    """Power mean of the two scores; none unless both exist."""
    if security is None or environment is None:
        return None
    return ((security**p + environment**p) / 2.0) ** (1.0 / p)


def ring_measures(lon, lat, incidents, as_of):
    """Counts and fatalities in rings and windows, the nearest incident (with its ties), the trend."""
    used = incidents.known_at(as_of)
    d, bearing = distances(lon, lat, used.lon, used.lat)
    age = used.ages(as_of)
    out = {}
    for r in RINGS_KM:
        inside = d <= r
        out[f"incidents_{r}km"] = int(inside.sum())
        out[f"fatalities_{r}km"] = int(used.fatalities[inside].sum())
    near = d <= WINDOW_KM
    for n in WINDOWS_D:
        inside = near & (age >= 0) & (age < n)
        out[f"incidents_{WINDOW_KM}km_{n}d"] = int(inside.sum())
        out[f"fatalities_{WINDOW_KM}km_{n}d"] = int(used.fatalities[inside].sum())
    recent = int((near & (age >= 0) & (age < 365)).sum())
    prior = int((near & (age >= 365) & (age < 730)).sum())
    out["trend"] = trend(recent, prior)
    if len(used):
        i = int(np.argmin(d))
        out["nearest_km"] = float(d[i])
        out["nearest_bearing"] = float(bearing[i])
        # Places repeat in event data: every incident within a millimeter is as near as the nearest.
        ties = np.flatnonzero(d <= d[i] + 1e-6)
        out["nearest_ties"] = {used.id[j]: date.fromordinal(int(used.last_day[j])) for j in ties}
        out["nearest_first_days"] = {used.id[j]: date.fromordinal(int(used.first_day[j])) for j in ties}
    else:
        out.update(nearest_km=None, nearest_bearing=None, nearest_ties={}, nearest_first_days={})
    return out


def trend(recent, prior):
    """P(q > 1/2) for q ~ Beta(recent + 1/2, prior + 1/2)."""
    return float(1.0 - betainc(recent + 0.5, prior + 0.5, 0.5))


def security(parts, incidents, as_of, scheme=DEFAULT):
    """Intensity, score and each incident's contribution.

    `parts` is a list of {"lon", "lat", "r90", "weight", "shape"}: one for a plain site, several for
    linked assets. Each incident counts once, at the part where weight * K is greatest. A part with
    a shape is measured to its edge (0 inside), otherwise to its position.
    """
    used = incidents.known_at(as_of)
    best = np.full(len(used), -1.0)
    best_d = np.zeros(len(used))
    best_bearing = np.zeros(len(used))
    for part in parts:
        if part.get("shape") is None:
            d, bearing = distances(part["lon"], part["lat"], used.lon, used.lat)
        else:
            d = np.array([distance_to_shape(x, y, part["shape"]) for x, y in zip(used.lon, used.lat)])
            bearing = np.full(len(used), np.nan)  # a bearing from a line is nobody's definition yet
        k = part.get("weight", 1.0) * scheme.kernel(d, error_variance(part["r90"], used.r90))
        stronger = k > best
        best = np.where(stronger, k, best)
        best_d = np.where(stronger, d, best_d)
        best_bearing = np.where(stronger, bearing, best_bearing)
    best = np.maximum(best, 0.0)
    age = used.ages(as_of)
    lam_i = severity(used.weight, used.fatalities, scheme.fatality_factor) * best * decay(age, scheme.half_life_d)
    lam = math.fsum(lam_i)
    score = 100.0 * squash(lam, scheme.reference, scheme.exponent)
    share = lam_i / lam if lam > 0 else lam_i
    contributions = {
        used.id[j]: {
            "share": float(share[j]),
            "contribution": float(score * share[j]),
            "distance_km": float(best_d[j]),
            "bearing_deg": float(best_bearing[j]),
            "age_days": int(age[j]),
        }
        for j in range(len(used))
        if lam_i[j] > 0
    }
    return {"intensity": lam, "score": score, "contributions": contributions}


# --- shapes ---------------------------------------------------------------------------------


def edges_of(shape):
    """Every edge of a line or polygon as an (n, 4) array of lon, lat, lon, lat."""
    rows = []
    for geometry in getattr(shape, "geoms", [shape]):
        rings = [geometry.exterior, *geometry.interiors] if geometry.geom_type == "Polygon" else [geometry]
        for ring in rings:
            xy = np.asarray(ring.coords)[:, :2]
            rows.append(np.hstack([xy[:-1], xy[1:]]))
    return np.vstack(rows) if rows else np.zeros((0, 4))


def distance_to_edges(lon, lat, edges):
    """Kilometers to the nearest of edges that are straight in lon/lat, to well under a meter."""
    e = np.array(edges, float)
    shift = 360.0 * np.round((e[:, 0] - lon) / 360.0)  # bring each edge to the site's side of the seam
    e[:, 0] -= shift
    e[:, 2] -= shift
    d1, _ = distances(lon, lat, e[:, 0], e[:, 1])
    d2, _ = distances(lon, lat, e[:, 2], e[:, 3])
    best = float(min(d1.min(), d2.min()))
    # A degree is at most 111.7 km, so `length` bounds the edge from above, and no point of it can
    # be nearer than (d1 + d2 - length) / 2.
    flat = np.cos(np.radians(np.minimum(np.abs(e[:, 1]), np.abs(e[:, 3]))))
    flat = np.where(e[:, 1] * e[:, 3] < 0, 1.0, flat)
    length = 111.7 * (np.abs(e[:, 3] - e[:, 1]) + flat * np.abs(e[:, 2] - e[:, 0]))
    floor = np.maximum((d1 + d2 - length) / 2.0, 0.0)
    for j in np.argsort(floor):
        if floor[j] >= best:
            break
        best = min(best, _nearest_on_edge(lon, lat, e[j], length[j], best))
    return best


def _nearest_on_edge(lon, lat, edge, length, best):
    def at(t):
        return distances(lon, lat, edge[0] + t * (edge[2] - edge[0]), edge[1] + t * (edge[3] - edge[1]))[0]

    n = max(1, math.ceil(length / 0.1))  # 100 m apart
    t = np.linspace(0.0, 1.0, n + 1)
    d = at(t)
    i = int(np.argmin(d))
    if d[i] > best + 0.1:
        return float(d[i])
    low, high = t[max(i - 1, 0)], t[min(i + 1, n)]
    for _ in range(6):  # 200 m over 10^6 by repeated tenfold sampling
        t = np.linspace(low, high, 21)
        d = at(t)
        i = int(np.argmin(d))
        low, high = t[max(i - 1, 0)], t[min(i + 1, 20)]
    return float(d[i])


def distance_to_shape(lon, lat, shape):
    """Kilometers to a point, line or polygon; 0 inside a polygon."""
    if shape.geom_type in ("Point", "MultiPoint"):
        points = shapely.get_coordinates(shape)
        return float(distances(lon, lat, points[:, 0], points[:, 1])[0].min())
    if shape.geom_type in ("Polygon", "MultiPolygon") and shapely.intersects_xy(shape, lon, lat):
        return 0.0
    return distance_to_edges(lon, lat, edges_of(shape))


def circle(lon, lat, radius_km, n=720):
    """A geodesic circle, counter-clockwise, as lon/lat rows (longitudes as pyproj gives them)."""
    azimuth = -np.linspace(0.0, 360.0, n, endpoint=False)
    x, y, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), azimuth, np.full(n, radius_km * 1000.0))
    return np.column_stack([x, y])


def cap_area(lon, lat, radius_km, n=20_000):
    """Square kilometers of the geodesic cap; an n-gon is short by 6.6 / n^2 of it."""
    xy = circle(lon, lat, radius_km, n)
    area, _ = GEOD.polygon_area_perimeter(xy[:, 0], xy[:, 1])
    return abs(area) / 1e6


def covered_share(lon, lat, radius_km, shapes):
    """The share of a geodesic buffer covered by the union of polygons, on an equal-area plane."""
    forward = pyproj.Transformer.from_crs(
        "EPSG:4326", f"+proj=laea +lat_0={lat} +lon_0={lon} +ellps=WGS84 +units=m", always_xy=True
    )
    plane = lambda g: shapely.transform(g, lambda c: np.column_stack(forward.transform(c[:, 0], c[:, 1])))
    disc = shapely.Polygon(np.column_stack(forward.transform(*circle(lon, lat, radius_km).T)))
    reach_lat = radius_km / 110.0
    reach_lon = min(180.0, reach_lat / max(0.01, math.cos(math.radians(min(89.0, abs(lat) + reach_lat)))))
    box = shapely.box(lon - 1.1 * reach_lon, lat - 1.1 * reach_lat, lon + 1.1 * reach_lon, lat + 1.1 * reach_lat)
    # A buffer that goes over 180 degrees meets shapes on the other side of the seam, a turn away.
    turns = [0.0] + [t for t in (-360.0, 360.0) if box.bounds[0] < -180.0 and t < 0 or box.bounds[2] > 180.0 and t > 0]
    around = [s if t == 0.0 else shapely.transform(s, lambda c, t=t: c + (t, 0.0)) for s in shapes for t in turns]
    near = [shapely.make_valid(plane(shapely.segmentize(s.intersection(box), 0.02))) for s in around if s.intersects(box)]
    return disc.intersection(shapely.union_all(near)).area / disc.area if near else 0.0


def length_within(lon, lat, radius_km, lines):
    """Kilometers of line inside the buffer, by pieces of about 20 m."""
    total = 0.0
    for x1, y1, x2, y2 in np.vstack([edges_of(line) for line in lines]):
        _, _, meters = GEOD.inv(x1, y1, x2, y2)
        if distances(lon, lat, [x1], [y1])[0][0] - meters / 1000.0 > radius_km * 1.05:
            continue
        t = np.linspace(0.0, 1.0, max(2, math.ceil(meters / 20.0) + 1))
        x, y = x1 + t * (x2 - x1), y1 + t * (y2 - y1)
        _, _, piece = GEOD.inv(x[:-1], y[:-1], x[1:], y[1:])
        d, _ = distances(lon, lat, (x[:-1] + x[1:]) / 2, (y[:-1] + y[1:]) / 2)
        total += float(np.asarray(piece)[d <= radius_km].sum()) / 1000.0
    return total


# --- environment: each indicator 0 to 1, None where it is missing ----------------------------


def zone(d, radius_km):
    """Exponential with 5 % left at the radius of the zone of influence."""
    return math.exp(-FIVE_PERCENT * d / radius_km)


def sensitive_distance(lon, lat, area):
    """Kilometers to a protected area's edge; None where a rough centroid is set aside.

    `area` is {"shape", "value"} or {"lon", "lat", "area_km2", "r90", "value"}.
    """
    if area.get("shape") is not None:
        return distance_to_shape(lon, lat, area["shape"])
    if area["r90"] > 25.0:
        return None
    d = float(distances(lon, lat, [area["lon"]], [area["lat"]])[0][0])
    return max(0.0, d - math.sqrt((area["area_km2"] or 0.0) / math.pi))


def e1(lon, lat, areas, reach_km=REACH_KM["E1"], complete=False):
    """Sensitive areas: the strongest; missing where nothing is in reach and the layer may have gaps."""
    known = [(sensitive_distance(lon, lat, a), a["value"]) for a in areas]
    known = [(d, v) for d, v in known if d is not None]
    if not complete and not any(d <= reach_km for d, _ in known):
        return None
    return max((v * zone(d, 50.0) for d, v in known), default=0.0)


def sensitive_value(iucn="", designation=""):
    """v of a protected area; where several designations overlap, the greatest that is named."""
    iucn = (iucn or "").strip().upper()
    name = (designation or "").lower()
    values = []
    if iucn in ("IA", "IB", "I", "II") or any(w in name for w in ("world heritage", "ramsar", "key biodiversity", "kba")):
        values.append(1.0)
    if iucn in ("III", "IV"):
        values.append(0.8)
    if iucn in ("V", "VI") or "game reserve" in name:
        values.append(0.5)
    return max(values, default=0.6)


def e2(ratio=None, score=None, arid=False):
    """Baseline water stress: raw ratio, or a 0-5 score; arid with low use counts as 1."""
    if arid:
        return 1.0
    if ratio is not None:
        raw = math.log2(ratio / 0.1) + 1.0 if ratio > 0 else 0.0
        return min(max(raw, 0.0), 5.0) / 5.0
    return None if score is None else min(max(score, 0.0), 5.0) / 5.0


def intensity_mmi(magnitude, hypocentral_km):
    """Allen, Wald and Worden (2012), active shallow crust."""
    rm = -0.209 + 2.042 * math.exp(magnitude - 5.0)
    mmi = 2.085 + 1.428 * magnitude - 1.402 * math.log(math.sqrt(hypocentral_km**2 + rm**2))
    if hypocentral_km > 50.0:
        mmi += 0.078 * math.log(hypocentral_km / 50.0)
    return mmi


def e3(lon, lat, quakes, reach_km=REACH_KM["E3"], complete=False):
    """Seismic: the strongest shaking of the catalogue; quakes are {"lon", "lat", "depth", "magnitude"}.

    A catalogue that may have gaps says nothing where no shallow quake of known size is in reach.
    """
    depth_of = lambda q: 10.0 if q["depth"] is None else q["depth"]
    shallow = [q for q in quakes if depth_of(q) <= 70.0 and q["magnitude"] is not None]
    d, _ = distances(lon, lat, [q["lon"] for q in shallow], [q["lat"] for q in shallow])
    if not complete and not (len(d) and (d <= reach_km).any()):
        return None
    shaking = max((intensity_mmi(q["magnitude"], math.hypot(km, depth_of(q))) for km, q in zip(d, shallow)), default=0.0)
    return min(max((shaking - 4.0) / 5.0, 0.0), 1.0)


TAILINGS = {"low": 0.2, "significant": 0.4, "high": 0.6, "very high": 0.8, "extreme": 1.0, None: 0.6}


def e4(lon, lat, waters, consequence=None, reach_km=REACH_KM["E4"], complete=False):
    """Rivers and water bodies: the nearest mapped one, times the tailings' consequence class.

    `waters` are as the areas of E1: a shape, or a centroid with an area.
    """
    known = [sensitive_distance(lon, lat, w) for w in waters]
    d = min((x for x in known if x is not None), default=math.inf)
    if d > reach_km and not complete:
        return None
    return zone(d, 10.0) * TAILINGS[consequence]


def e5(parts, accidents, as_of):
    """Accidents and spills: the security kernel with one scale, every event of weight 1; linked parts as there."""
    accidents = replace(accidents, weight=np.ones(len(accidents)))
    return squash(security(parts, accidents, as_of, ACCIDENTS)["intensity"])


def e6(lon, lat, settlements, reach_km=REACH_KM["E6"], complete=False):
    """People: settlements are {"lon", "lat", "population"}; one without a population is missing."""
    counted = [s for s in settlements if s["population"] is not None]
    d, _ = distances(lon, lat, [s["lon"] for s in counted], [s["lat"] for s in counted])
    if not complete and not (len(d) and (d <= reach_km).any()):
        return None
    q = math.fsum(s["population"] * zone(km, 25.0) for s, km in zip(counted, d) if km <= PEOPLE_SEARCH_KM)
    return min(max(math.log10(1.0 + q) / 6.0, 0.0), 1.0)


def people_within(lon, lat, settlements, radius_km=10.0):
    counted = [s for s in settlements if s["population"] is not None]
    d, _ = distances(lon, lat, [s["lon"] for s in counted], [s["lat"] for s in counted])
    return int(sum(s["population"] for s, km in zip(counted, d) if km <= radius_km))


def environment(indicators, weights=None):
    """Coverage (the weight available) and score from {"E1": value or None, ...}."""
    weights = weights or ENVIRONMENT_WEIGHTS
    there = {k: v for k, v in indicators.items() if v is not None}
    coverage = round(math.fsum(weights[k] for k in there), 9)
    if coverage < 0.5:
        return {"coverage": coverage, "score": None}
    mean = math.fsum(weights[k] * v**2 for k, v in there.items()) / coverage
    return {"coverage": coverage, "score": 100.0 * math.sqrt(mean)}


# --- selftest -------------------------------------------------------------------------------


def incidents_from(rows):
    """Incidents from (id, lon, lat, r90, weight, fatalities, last day) tuples."""
    return Incidents(
        id=[r[0] for r in rows],
        lon=np.array([r[1] for r in rows], float),
        lat=np.array([r[2] for r in rows], float),
        r90=np.array([r[3] for r in rows], float),
        weight=np.array([r[4] for r in rows], float),
        fatalities=np.array([r[5] for r in rows], int),
        first_day=np.array([r[6].toordinal() for r in rows], int),
        last_day=np.array([r[6].toordinal() for r in rows], int),
    )


def selftest():
    failures = []

    def check(what, got, want, tolerance=1e-9):
        ok = abs(got - want) <= tolerance
        print(f"{'ok  ' if ok else 'FAIL'} {what}: {got:.10g} (expected {want:.10g} +- {tolerance:g})")
        if not ok:
            failures.append(what)

    # Sentences of the method itself.
    for lam, edge in ((0.031, 20), (0.22, 40), (1.1, 60), (8, 80)):
        check(f"intensity {lam} is near the edge {edge}", 100 * squash(lam), edge, 0.3)
    day = date(2024, 6, 30)
    gate = incidents_from([("a", 66.0, 30.0, 0, 1.0, 10, date(2024, 6, 29))])
    check("ten deaths at the gate yesterday score 67", security([{"lon": 66.0, "lat": 30.0, "r90": 0}], gate, day)["score"], 67, 0.5)
    gate0 = incidents_from([("a", 66.0, 30.0, 0, 1.0, 0, day)])
    check("one non-fatal attack at the gate today has intensity 1", security([{"lon": 66.0, "lat": 30.0, "r90": 0}], gate0, day)["intensity"], 1.0)
    kernel = DEFAULT.kernel
    narrow, wide = kernel.peaks()
    check("the peaks are 0.970425 and 0.029575", narrow, 0.970425, 5e-7)
    check("and add up to 1", narrow + wide, 1.0)
    check("the share of the wide part in the mass", wide * 75.0**2 / (narrow * 20.0**2 + wide * 75.0**2), 0.3)
    old = Kernel(shares=(0.7 * 20.0**2, 0.3 * 75.0**2))
    check("the same numbers as peaks hold 86 % of the mass in the wide part", 0.3 * 75.0**2 / (0.7 * 20.0**2 + 0.3 * 75.0**2), 0.86, 0.005)
    check("and come from those shares", old.peaks()[0], 0.7)
    check("the kernel reaches to 340 km where both places are known", float(kernel(339.0, 0.0) > 0) + float(kernel(341.0, 0.0) == 0), 2)
    vague = float(error_variance(5, 220))
    check("and to about 550 km for a province", float(kernel(540.0, vague) > 0) + float(kernel(560.0, vague) == 0), 2)
    forms = {f: Kernel(form=f) for f in ("exponential", "linear", "quartic", "step")}
    check("5 % of the exponential are left at R", float(forms["exponential"](50.0, 99.0)), 0.05, 3e-4)
    check("half of the linear at R / 2", float(forms["linear"](25.0, 99.0)), 0.5)
    check("9/16 of the quartic at R / 2", float(forms["quartic"](25.0, 99.0)), 0.5625)
    check("the step holds at R and not beyond", float(forms["step"](50.0, 0.0)) - float(forms["step"](50.0001, 0.0)), 1.0)
    # A row by hand: d = 40 km, r90 5 and 25 km, battle, 9 deaths, 365 days old.
    # 2.146^2 = 4.605316, S^2 = (25 + 625) / 4.605316 = 141.141237; the two scales become
    # 400 + S^2 = 541.141237 and 5625 + S^2 = 5766.141237, their factors 0.7391786 and 0.9755224.
    # m = 0.9 * (1 + log10(10)) = 1.8; g = 1/2.
    check("S^2 by hand", float(error_variance(5, 25)), 141.141237, 1e-6)
    # The peaks: 0.7 / 400 = 0.00175 and 0.3 / 5625 = 0.0000533333 over their sum, 0.970425 and 0.029575.
    by_hand = 0.970425 * 0.7391786 * math.exp(-1600 / (2 * 541.141237)) + 0.029575 * 0.9755224 * math.exp(-1600 / (2 * 5766.141237))
    check("K by hand", float(kernel(np.array(40.0), error_variance(5, 25))), by_hand, 1e-6)
    check("m by hand", float(severity(0.9, 9)), 1.8)
    x, y, _ = GEOD.fwd(66.0, 30.0, 77.0, 40_000.0)
    one = incidents_from([("a", x, y, 25, 0.9, 9, date(2023, 7, 1))])
    lam = security([{"lon": 66.0, "lat": 30.0, "r90": 5}], one, day)
    check("lambda by hand", lam["intensity"], 0.9 * by_hand, 1e-6)
    check("bearing by hand", lam["contributions"]["a"]["bearing_deg"], 77.0, 1e-7)

    # The row that the method works by hand: three incidents, their K, intensities and points.
    row = (("A", 12.0, 5, 1.0 + math.log10(4.0), 120, 0.8221, 1.0486), ("B", 40.0, 25, 0.9, 365, 0.1887, 0.0849), ("C", 3.0, 5, 0.1, 0, 0.9640, 0.0964))
    total = 0.0
    for name, d, r90, m, age, k, part in row:
        got = float(kernel(d, error_variance(5, r90)))
        check(f"K of {name} in the method's row", got, k, 5e-5)
        check(f"intensity of {name}", m * got * decay(age, 365.0), part, 5e-5)
        total += m * got * decay(age, 365.0)
    check("score of the method's row", 100 * squash(total), 61.06, 0.005)

    # The closed form against the expectation it claims to be: both places drawn, plain kernel averaged.
    rng = np.random.default_rng(20240630)
    n = 2_000_000
    for d, site_r90, incident_r90 in ((0, 25, 220), (15, 5, 3), (60, 10, 50), (150, 1, 75)):
        sx = rng.normal(0, site_r90 / R90_PER_SIGMA, (n, 2))
        ix = rng.normal(0, incident_r90 / R90_PER_SIGMA, (n, 2)) + (d, 0)
        r2 = ((sx - ix) ** 2).sum(axis=1)
        plain = sum(p * np.exp(-r2 / (2 * h * h)) for p, h in zip(kernel.peaks(), kernel.scales))
        error = 5 * plain.std() / math.sqrt(n)
        check(f"kernel expectation, d {d} r90 {site_r90}/{incident_r90}", float(kernel(np.array(float(d)), error_variance(site_r90, incident_r90))), float(plain.mean()), error)
    inside = (np.hypot(*rng.normal(0, 10 / R90_PER_SIGMA, (2, n))) <= 10).mean()
    check("r90 holds 90 %", float(inside), 0.9, 0.001)

    # Rings, windows and ages at their edges.
    at = lambda km, azimuth=10.0: GEOD.fwd(66.0, 30.0, azimuth, km * 1000.0)[:2]
    rows = [("a", *at(4.999999), 0, 1, 2, day), ("b", *at(5.000001), 0, 1, 3, date(2024, 4, 2)), ("c", *at(49.9999), 0, 1, 5, date(2024, 4, 1)), ("d", *at(1), 0, 1, 7, date(2024, 7, 1))]
    m = ring_measures(66.0, 30.0, incidents_from(rows), day)
    check("5 km ring", m["incidents_5km"], 1)
    check("10 km fatalities", m["fatalities_10km"], 5)
    check("after the as-of date is not used", m["incidents_100km"], 3)
    check("age 89 is in the 90 d window, age 90 is not", m["incidents_50km_90d"], 2)
    check("trend of equal counts", trend(4, 4), 0.5, 1e-12)
    q = rng.beta(6.5, 2.5, n)
    check("trend of 6 against 2", trend(6, 2), float((q > 0.5).mean()), 0.002)

    # Bands, cells, the two together.
    check("band of 19.95 as written", BANDS.index(band(19.96)), 1)
    check("band of an edge", BANDS.index(band(80.0)), 4)
    check("band of 100", BANDS.index(band(100.0)), 4)
    if risk_cell(70.0, None) != "S4E0" or risk_cell(79.96, 20.0) != "S5E2":
        failures.append("risk cell")
    check("overall of 100 and 0", overall(100.0, 0.0), 84.0896415, 1e-6)

    # Shapes: a meridian line east of the site, at its latitude.
    line = shapely.LineString([(67.0, 29.0), (67.0, 31.0)])
    brute, _ = distances(66.0, 30.0, np.full(2_000_001, 67.0), np.linspace(29.0, 31.0, 2_000_001))
    check("distance to a line", distance_to_shape(66.0, 30.0, line), float(brute.min()), 1e-6)
    seam = shapely.LineString([(-179.9, -10.0), (-179.9, 10.0)])
    check("distance over the seam", distance_to_shape(179.9, 0.0, seam), distances(179.9, 0.0, [-179.9], [0.0])[0][0], 1e-6)
    square = shapely.box(66.5, 29.5, 67.5, 30.5)
    check("inside a polygon", distance_to_shape(67.0, 30.0, square), 0.0)
    check("half a buffer is covered", covered_share(66.0, 30.0, 100.0, [shapely.box(60.0, 20.0, 66.0, 40.0)]), 0.5, 1e-4)
    seam_half = covered_share(179.9, 10.0, 100.0, [shapely.box(-180.0, 0.0, -170.0, 20.0), shapely.box(179.9, 0.0, 180.0, 20.0)])
    check("half a buffer over the seam is covered", seam_half, 0.5, 1e-4)
    flat = 2 * math.pi * 6371.0**2 * (1 - math.cos(100 / 6371.0))
    check("cap area near the sphere's", cap_area(66.0, 30.0, 100.0) / flat, 1.0, 1e-4)
    check("length in a buffer", length_within(66.0, 30.0, 10.0, [shapely.LineString([(66.0, 29.0), (66.0, 31.0)])]), 20.0, 0.05)

    # Linked assets: each incident once, at its strongest part.
    two = incidents_from([("a", 66.0, 30.0, 5, 1, 0, day), ("b", 67.0, 30.0, 5, 1, 0, day)])
    parts = [{"lon": 66.0, "lat": 30.0, "r90": 5, "weight": 1.0}, {"lon": 67.0, "lat": 30.0, "r90": 5, "weight": 0.7}]
    k0 = float(kernel(np.array(0.0), error_variance(5, 5)))
    check("linked assets", security(parts, two, day)["intensity"], 1.7 * k0, 1e-12)

    # Environment by hand.
    check("E1 5 % of 1 at 50 km", zone(50.0, 50.0), math.exp(-2.99))
    check("E2 ratio 0.1", e2(ratio=0.1), 0.2)
    check("E2 ratio 1.6 is the top", e2(ratio=1.6), 1.0)
    shock = {"lon": 66.0, "lat": 30.0, "depth": 20.0, "magnitude": 7.0}
    check("E3 above the hypocenter", e3(66.0, 30.0, [shock]), (7.572187666 - 4) / 5, 1e-6)
    if e3(90.0, 0.0, [shock]) is not None or e3(90.0, 0.0, [shock], complete=True) != 0.0 or e3(66.0, 26.0, [{**shock, "magnitude": 4.0}]) != 0.0:
        failures.append("E3 out of reach")
    check("E3 M 7 at 20 km", intensity_mmi(7.0, 20.0), 2.085 + 9.996 - 1.402 * math.log(math.hypot(20.0, 14.8794524)), 1e-6)
    here = {"lon": 66.0, "lat": 30.0, "population": 999_999}
    river = {"shape": shapely.LineString([(66.05, 29.0), (66.05, 31.0)])}
    check("E4 about 4.8 km from a river", e4(66.0, 30.0, [river]), 0.6 * math.exp(-2.99 * 0.4824254), 1e-4)
    # 0.1 degrees of meridian at 30.05 N are 11.0853 km, the circle of its area is 11 km wide.
    lake = {"lon": 66.0, "lat": 30.1, "area_km2": math.pi * 121.0, "r90": 5.0, "value": 1.0}
    check("E1 within the circle of an area", e1(66.0, 30.0, [lake]), math.exp(-2.99 * (11.08532 - 11.0) / 50), 1e-6)
    check("E6 a million at the gate", e6(66.0, 30.0, [here]), 1.0)
    check("E5 one spill at the gate today, whatever its type weighs", e5([{"lon": 66.0, "lat": 30.0, "r90": 0}], incidents_from([("a", 66.0, 30.0, 0, 0.5, 0, day)]), day), math.sqrt(2) / (1 + math.sqrt(2)))
    env = environment({"E1": 1.0, "E2": None, "E3": 0.5, "E4": None, "E5": 0.0, "E6": None})
    check("coverage", env["coverage"], 0.55)
    check("environment score", env["score"], 100 * math.sqrt((0.25 + 0.15 * 0.25) / 0.55))
    if environment({"E1": 1.0, "E3": 0.5})["score"] is not None:
        failures.append("coverage under one half")
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--selftest", action="store_true", required=True)
    parser.parse_args()
    sys.exit(selftest())
