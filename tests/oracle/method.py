"""The method, recomputed naively: one site against every incident, no index, no shortcuts.

Written from the method's text alone, so that a disagreement with the program means something.
Distances are kilometers on the WGS84 ellipsoid (pyproj.Geod), ages whole days, positions lon, lat.

    python method.py --selftest     hand-worked rows, and the kernel against a Monte Carlo draw
"""

import argparse
import math
import sys
import tomllib
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from scipy.special import betainc

from shapes import GEOD, distance_to_shape, distances

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
        for name in ("environment", "flags"):
            told.pop(name, None)  # environment.py reads them
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
    violent: np.ndarray = None  # all but protests and strategic developments without a death

    def __len__(self):
        return len(self.id)

    def take(self, mask):
        """The incidents where the mask is true, in their order."""
        columns = {k: getattr(self, k)[mask] for k in ("lon", "lat", "r90", "weight", "fatalities", "first_day", "last_day", "violent")}
        return Incidents(id=[i for i, m in zip(self.id, mask) if m], **columns)

    def known_at(self, as_of):
        """Those whose last day is not after the as-of date: the only ones that are used."""
        return self.take(self.last_day <= as_of.toordinal())

    def ages(self, as_of):
        """Days from the last day of each incident to the as-of date."""
        return as_of.toordinal() - self.last_day


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


def ring_measures(lon, lat, incidents, as_of, record=None, site_r90=0.0):
    """Counts and fatalities in rings and windows, the nearest incident (with its ties), the trend, what was violent.

    `record` holds the first and the last day of the record of incidents at the place.
    """
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
    day = as_of.toordinal()
    first, last = record or (day - 729, day)
    spanned = lambda oldest, newest: max(0, min(last, day - newest) - max(first, day - oldest) + 1)
    out["trend"] = trend(recent, prior, spanned(364, 0), spanned(729, 365))
    violent = (age >= 0) & (age < 365) & used.violent
    out["violent"] = int((near & violent).sum())
    # One farther away may have happened within the radius, as far as both positions are known.
    out["violence_possible"] = bool((violent & (d - used.r90 - site_r90 <= WINDOW_KM)).any())
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


def trend(recent, prior, recent_days=365, prior_days=365):
    """P(q > x) for q ~ Beta(recent + 1/2, prior + 1/2), x the share of the recorded days that is recent.

    None is told of fewer than three incidents, or where the record spans less than half of either year.
    """
    if recent + prior < 3 or 2 * min(recent_days, prior_days) < 365:
        return None
    return float(1.0 - betainc(recent + 0.5, prior + 0.5, recent_days / (recent_days + prior_days)))


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
        violent=np.ones(len(rows), bool),
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
    # The rates of two Poisson processes, by their gamma posteriors, give nearly the same.
    rates = rng.gamma(30.5, 1.0 / 365.0, n) > rng.gamma(20.5, 1.0 / 200.0, n)
    check("trend of 30 in a year against 20 in 200 days", trend(30, 20, 365, 200), float(rates.mean()), 0.01)
    check("no trend from less than half a year", float(trend(30, 20, 365, 182) is None), 1.0)

    # Bands, cells, the two together.
    check("band of 19.95 as written", BANDS.index(band(19.96)), 1)
    check("band of an edge", BANDS.index(band(80.0)), 4)
    check("band of 100", BANDS.index(band(100.0)), 4)
    if risk_cell(70.0, None) != "S4E0" or risk_cell(79.96, 20.0) != "S5E2":
        failures.append("risk cell")
    check("overall of 100 and 0", overall(100.0, 0.0), 84.0896415, 1e-6)

    # Linked assets: each incident once, at its strongest part.
    two = incidents_from([("a", 66.0, 30.0, 5, 1, 0, day), ("b", 67.0, 30.0, 5, 1, 0, day)])
    parts = [{"lon": 66.0, "lat": 30.0, "r90": 5, "weight": 1.0}, {"lon": 67.0, "lat": 30.0, "r90": 5, "weight": 0.7}]
    k0 = float(kernel(np.array(0.0), error_variance(5, 5)))
    check("linked assets", security(parts, two, day)["intensity"], 1.7 * k0, 1e-12)

    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--selftest", action="store_true", required=True)
    parser.parse_args()
    sys.exit(selftest())
