"""What the scores would be if places, counts and deaths were not quite as reported: everything drawn, nothing clever.

    python uncertainty.py --selftest     Philox's known answers, and intervals that can be worked by hand

Random numbers are numpy's own: an interval is compared with the program's within the error of both.
"""

import math
import sys
from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

import case
import method

DRAWS = 4000
BATCH = 250
TOP = 10


@dataclass(frozen=True)
class Groups:
    """What is drawn; the rest stays as reported."""

    counts: bool = True
    deaths: bool = True
    places: bool = True
    sites: bool = True
    shared: bool = True  # incidents of one published place move together


def log_deaths(u, low, best, high):
    """log10(1 + F) at u: straight from the low estimate over the best at 1/2 to the high; the best where one is missing."""
    known = ~(np.isnan(low) | np.isnan(high))
    a = np.where(known, np.log10(1.0 + np.minimum(low, best)), np.log10(1.0 + best))
    b = np.log10(1.0 + best)
    c = np.where(known, np.log10(1.0 + np.maximum(high, best)), b)
    return np.where(u < 0.5, a + (b - a) * 2.0 * u, b + (c - b) * (2.0 * u - 1.0))


def spread_of_deaths(low, best, high):
    """The variance of log10(1 + F) over u: two halves, on each of which it is uniform."""
    a, b, c = (log_deaths(u, low, best, high) for u in (0.0, 0.5, 1.0))
    mean = (a + 2.0 * b + c) / 4.0
    square = ((a * a + a * b + b * b) / 3.0 + (b * b + b * c + c * c) / 3.0) / 2.0
    return np.maximum(square - mean**2, 0.0)


def mean_severity(inputs, scheme):
    """The mean of m over u."""
    types = np.array([scheme.types[t] for t in inputs.type])
    a, b, c = (log_deaths(u, inputs.low, inputs.deaths, inputs.high) for u in (0.0, 0.5, 1.0))
    return types * (1.0 + scheme.fatality_factor * (a + 2.0 * b + c) / 4.0)


def plain(r2, kernel):
    """The kernel at a squared distance where both places are known."""
    if kernel.form != "gaussian":
        return kernel(np.sqrt(r2), 0.0)
    return sum(p * np.exp(-r2 / (2.0 * h * h)) for p, h in zip(kernel.peaks(), kernel.scales))


def published_places(lon, lat, r90, shared=True):
    """The number of the published place of each incident: the same coordinates and the same accuracy."""
    if not shared:
        return np.arange(len(lon))
    return np.unique(np.column_stack([lon, lat, r90]), axis=0, return_inverse=True)[1].ravel()


def intensities(inputs, days, scheme=method.DEFAULT, draws=DRAWS, seed=1, groups=Groups()):
    """lambda of each site in each draw: draws by sites, NaN for a site without a score. `days` is the day of each score."""
    c, kernel = inputs, scheme.kernel
    rng = np.random.default_rng(seed)
    place = published_places(c.lon, c.lat, c.r90, groups.shared)
    first = np.unique(place, return_index=True)[1]
    types = np.array([scheme.types[t] for t in c.type])
    sigma_i = c.r90[first] / method.R90_PER_SIGMA
    out = np.full((draws, len(c.sites)), np.nan)
    geometry = [parts_in_reach(c, k, scheme, place) if days[k] is not None else None for k in range(len(c.sites))]
    for start in range(0, draws, BATCH):
        n = min(BATCH, draws - start)
        moves = rng.normal(size=(2, n, len(first))) * sigma_i if groups.places else np.zeros((2, n, len(first)))
        times = rng.poisson(1.0, (n, len(place))) if groups.counts else np.ones((n, len(place)))
        u = rng.random((n, len(place))) if groups.deaths else np.full((n, len(place)), 0.5)
        m = types * (1.0 + scheme.fatality_factor * log_deaths(u, c.low, c.deaths, c.high)) * times
        weights = {day: by_place(m * np.where(c.last <= day, method.decay(day - c.last, scheme.half_life_d), 0.0), place) for day in set(days) - {None}}
        for k, site in enumerate(c.sites):
            if geometry[k] is None:
                continue
            near, parts = geometry[k]
            best = np.zeros((n, len(near)))
            for part in parts:
                step = rng.normal(size=(2, n, 1)) * part["sigma"] if groups.sites else np.zeros((2, n, 1))
                east = part["east"] + moves[0][:, near] - step[0]
                north = part["north"] + moves[1][:, near] - step[1]
                r2 = np.where(part["inside"], 0.0, east**2 + north**2)
                best = np.maximum(best, part["weight"] * plain(r2, kernel))
            out[start : start + n, k] = (weights[days[k]][:, near] * best).sum(axis=1)
    return out


def parts_in_reach(inputs, k, scheme, place):
    """The places in reach of a site, and how they lie to each of its parts."""
    reached = np.unique(place[(inputs.kernels(k, scheme) > 0.0).any(axis=0)])
    first = np.unique(place, return_index=True)[1]
    parts = []
    for site in inputs.groups[k]:
        east, north = (v[first[reached]] for v in inputs.offsets(site))
        inside = (np.hypot(east, north) <= case.INSIDE_KM) & (site["shape"] is not None and "Polygon" in site["shape"].geom_type)
        parts.append({"east": east, "north": north, "inside": inside, "sigma": site["r90"] / method.R90_PER_SIGMA, "weight": scheme.parts[site["part"]]})
    return reached, parts


def by_place(values, place):
    """Sums over the incidents of each place: draws by places."""
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(place[order]) != 0]))
    return np.add.reduceat(values[:, order], starts, axis=1)


def ranks(scores):
    """The rank of each site in each draw, 1 the highest; equal scores share the better rank; NaN without a score."""
    out = np.full(scores.shape, np.nan)
    scored = ~np.isnan(scores).all(axis=0)
    for d, row in enumerate(scores[:, scored]):
        ordered = np.sort(row)
        out[d, scored] = 1 + len(row) - np.searchsorted(ordered, row, side="right")
    return out


def told(inputs, days, scheme=method.DEFAULT):
    """Beside the draws: the score as reported, effective incidents, and the variance of lambda by each group alone."""
    c, out = inputs, []
    place = published_places(c.lon, c.lat, c.r90)
    m = c.severity(scheme)
    types = np.array([scheme.types[t] for t in c.type])
    s_m = types * scheme.fatality_factor * np.sqrt(spread_of_deaths(c.low, c.deaths, c.high))
    for k, site in enumerate(c.sites):
        if days[k] is None:
            out.append(None)
            continue
        g = np.where(c.last <= days[k], method.decay(days[k] - c.last, scheme.half_life_d), 0.0)
        kernels = c.kernels(k, scheme)
        strongest = kernels.argmax(axis=0)
        best = kernels.max(axis=0)
        part = [c.groups[k][i] for i in strongest]
        lam_i = m * g * best
        lam = math.fsum(lam_i)
        row = {"intensity": lam, "score": 100.0 * method.squash(lam, scheme.reference, scheme.exponent)}
        mean_i = mean_severity(c, scheme) * g * best
        row["effective"] = math.fsum(mean_i) ** 2 / math.fsum(mean_i**2) if lam > 0 else 0.0
        row["counts"] = math.fsum(mean_i**2)
        row["deaths"] = math.fsum((s_m * g * best) ** 2)
        # Each place once, with the sum of its incidents' m g, at the part where it weighs most.
        w = by_place((m * g)[None, :], place)[0]
        first = np.unique(place, return_index=True)[1]
        moves = np.zeros(len(first))
        for q, i in enumerate(first):
            if best[i] <= 0.0 or w[q] <= 0.0:
                continue
            d = float(np.hypot(*[v[i] for v in c.offsets(part[i])]))
            moves[q] = scheme.parts[part[i]["part"]] ** 2 * spread_of_kernel(scheme.kernel, d, float(method.error_variance(0.0, c.r90[i])))
        row["places"] = math.fsum(w**2 * moves)
        out.append(row)
    return out


def spread_of_kernel(kernel, d, s2):
    """E k^2 - K^2 of the plain kernel at a distance that is off by an isotropic variance s2."""
    if kernel.form != "gaussian":
        return 0.0
    square = 0.0
    for p, h in zip(kernel.peaks(), kernel.scales):
        for q, b in zip(kernel.peaks(), kernel.scales):
            both = 1.0 / (1.0 / h**2 + 1.0 / b**2)
            square += p * q * both / (both + s2) * math.exp(-(d * d) / (2.0 * (both + s2)))
    mean = sum(p * h**2 / (h**2 + s2) * math.exp(-(d * d) / (2.0 * (h**2 + s2))) for p, h in zip(kernel.peaks(), kernel.scales))
    return max(square - mean**2, 0.0)


def site_variance(inputs, k, day, scheme=method.DEFAULT, n=4000, seed=3):
    """The variance of lambda over a site's own moves, all else as expected: drawn, parts apart."""
    c = inputs
    rng = np.random.default_rng(seed)
    m = c.severity(scheme) * np.where(c.last <= day, method.decay(day - c.last, scheme.half_life_d), 0.0)
    used = (c.kernels(k, scheme) > 0.0).any(axis=0) & (m > 0.0)
    best = np.zeros((n, used.sum()))
    for site in c.groups[k]:
        east, north = (v[used] for v in c.offsets(site))
        step = rng.normal(size=(2, n, 1)) * site["r90"] / method.R90_PER_SIGMA
        d = np.hypot(east - step[0], north - step[1])
        inside = (np.hypot(east, north) <= case.INSIDE_KM) & (site["shape"] is not None and "Polygon" in site["shape"].geom_type)
        d = np.where(inside, 0.0, d)
        best = np.maximum(best, scheme.parts[site["part"]] * scheme.kernel(d, method.error_variance(0.0, c.r90[used])))
    return float(((best * m[used]).sum(axis=1)).var())


# --- random numbers by counter -----------------------------------------------------------------

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)


def philox(counter, key, rounds=10):
    """Philox4x32-10 (Salmon et al. 2011): four words of 32 bits from a counter of four and a key of two."""
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(rounds):
        first, second = MULTIPLIERS[0] * a, MULTIPLIERS[1] * c
        a, b, c, d = (second >> 32) ^ b ^ k0, second & 0xFFFFFFFF, (first >> 32) ^ d ^ k1, first & 0xFFFFFFFF
        k0, k1 = (k0 + WEYL[0]) & 0xFFFFFFFF, (k1 + WEYL[1]) & 0xFFFFFFFF
    return a, b, c, d


class Made:
    """A case of incidents on a plane: one site, incidents at these offsets in km."""

    def __init__(self, offsets, r90, deaths, low, high, kinds, ages, site_r90):
        self.sites = [{"id": "s", "lon": 0.0, "lat": 0.0, "r90": site_r90, "shape": None, "part": "mine"}]
        self.groups = [self.sites]
        self.east, self.north = np.array(offsets, float).T
        self.lon, self.lat = self.east, self.north
        self.r90, self.deaths, self.low, self.high = (np.array(v, float) for v in (r90, deaths, low, high))
        self.type, self.last = np.array(kinds), -np.array(ages)

    def offsets(self, site):
        return self.east, self.north

    severity = case.Case.severity
    km = case.Case.km
    kernels = case.Case.kernels


def selftest():
    failures = []

    def check(what, got, want, tolerance=1e-9):
        ok = abs(got - want) <= tolerance
        print(f"{'ok  ' if ok else 'FAIL'} {what}: {got:.8g} (expected {want:.8g} +- {tolerance:.3g})")
        if not ok:
            failures.append(what)

    # Random123's known answers (kat_vectors, philox4x32 10).
    for counter, key, want in (
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    ):
        for n, (got, expected) in enumerate(zip(philox(counter, key), want)):
            check(f"Philox4x32-10 of {key[0]:08x}, word {n}", got, expected, 0)

    u = np.linspace(0.0, 1.0, 2_000_001)
    check("deaths at u = 1/4", float(log_deaths(0.25, np.array(0.0), np.array(9.0), np.array(99.0))), 0.5)
    check("a low above the best is the best", float(log_deaths(0.0, np.array(12.0), np.array(9.0), np.array(99.0))), 1.0)
    check("one estimate alone says nothing", float(log_deaths(0.0, np.array(0.0), np.array(9.0), np.array(np.nan))), 1.0)
    curve = log_deaths(u, np.array(1.0), np.array(9.0), np.array(40.0))
    check("variance of the deaths over u", float(spread_of_deaths(np.array(1.0), np.array(9.0), np.array(40.0))), float(curve.var()), 1e-6)
    tied = np.array([[5.0, 5.0, 9.0, np.nan, 1.0]])
    for site, want in enumerate((2, 2, 1, math.nan, 4)):
        if not math.isnan(want):
            check(f"rank of site {site} with a tie", ranks(tied)[0, site], want)

    # One incident of no uncertain death: lambda is K's kernel times a Poisson count.
    one = Made([(0.0, 12.0)], [5], [3], [np.nan], [np.nan], ["explosions"], [120], 5.0)
    lam = intensities(one, [0], groups=Groups(places=False, sites=False), draws=20_000)[:, 0]
    mean = 1.602059991 * 2 ** (-120 / 365) * float(method.Kernel()(12.0, 0.0))
    check("counts alone: the mean", lam.mean(), mean, 4.5 * lam.std() / math.sqrt(20_000))
    check("counts alone: the share of zeros", float((lam == 0).mean()), float(poisson.pmf(0, 1)), 0.016)
    none = intensities(one, [0], groups=Groups(False, False, False, False), draws=10)
    check("nothing uncertain: no width", float(np.ptp(none)), 0.0)
    check("and the kernel where both are known", float(none[0, 0]), mean, 1e-9)

    # The mean over moves is lambda: the row that the method works by hand.
    row = Made([(0.0, 12.0), (40.0, 0.0), (0.0, -3.0)], [5, 25, 5], [3, 0, 0], [np.nan] * 3, [np.nan] * 3, ["explosions", "battles", "protests"], [120, 365, 0], 5.0)
    lam = intensities(row, [0], draws=40_000)[:, 0]
    check("the mean of the method's row", lam.mean(), 1.2299, 4.5 * lam.std() / math.sqrt(40_000))
    beside = told(row, [0])[0]
    check("the score of the row", beside["score"], 61.06, 0.005)
    check("its effective incidents", beside["effective"], 1.2299**2 / (1.0486**2 + 0.0849**2 + 0.0964**2), 2e-4)
    check("the variance by counts", beside["counts"], 1.0486**2 + 0.0849**2 + 0.0964**2, 2e-4)

    # The variances in closed form against draws of one group alone.
    deaths = Made([(0.0, 12.0)], [0], [9], [1], [40], ["explosions"], [0], 0.0)
    lam = intensities(deaths, [0], groups=Groups(counts=False), draws=100_000)[:, 0]
    check("the variance by deaths", told(deaths, [0])[0]["deaths"] / lam.var(), 1.0, 0.03)
    moved = Made([(0.0, 12.0), (0.0, 12.0), (30.0, 0.0)], [25, 25, 50], [0, 0, 4], [np.nan] * 3, [np.nan] * 3, ["battles"] * 3, [0, 10, 0], 0.0)
    lam = intensities(moved, [0], groups=Groups(counts=False), draws=100_000)[:, 0]
    check("the variance by places, two incidents of one place", told(moved, [0])[0]["places"] / lam.var(), 1.0, 0.03)
    apart = intensities(moved, [0], groups=Groups(counts=False, shared=False), draws=100_000)[:, 0]
    check("and less where each moves alone", float(apart.var() < 0.8 * lam.var()), 1.0)
    own = Made([(0.0, 12.0), (30.0, 0.0)], [0, 0], [0, 4], [np.nan] * 2, [np.nan] * 2, ["battles"] * 2, [0, 0], 10.0)
    lam = intensities(own, [0], groups=Groups(counts=False), draws=100_000)[:, 0]
    check("the variance by the site's moves", site_variance(own, 0, 0, n=100_000) / lam.var(), 1.0, 0.03)
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = case.options(__doc__)
    parser.parse_args(["--selftest", *sys.argv[1:]])
    sys.exit(selftest())
