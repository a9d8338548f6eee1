"""Ranks and shares of variance under other settings of a scheme, by brute force: every setting computed in full.

    python sensitivity.py --selftest     functions whose indices are known, the law of the settings
"""

import math
import sys

import numpy as np

import case
import environment
import method

SPREAD = 0.25
CUT = 2.0  # standard deviations at which a factor is cut
CONCENTRATION = 20.0
GROUPS = ("bandwidth", "half_life", "severity", "weights", "power")
OF = {"security": GROUPS[:3], "environment": GROUPS[3:], "overall": GROUPS}
SAMPLES = 4096
BATCH = 128


def factors(rng, n, k):
    """exp(0.25 z), z standard normal between -2 and 2: what falls outside is drawn again."""
    z = rng.normal(size=(n, k))
    while (far := np.abs(z) > CUT).any():
        z[far] = rng.normal(size=int(far.sum()))
    return np.exp(SPREAD * z)


def settings(rng, n, numbers):
    """n settings: {group: array of n rows}."""
    bars = {bar: environment.weights(numbers, bar) for bar in numbers["environment"]["bars"]}
    of_bar = np.array(list(numbers["environment"]["bars"].values()), float)
    dirichlet = lambda mean: rng.dirichlet(CONCENTRATION * np.maximum(mean, 1e-12), size=n)
    outer = dirichlet(of_bar / of_bar.sum())
    inner = [outer[:, [k]] * dirichlet(np.array(list(w.values()))) for k, w in enumerate(bars.values())]
    return {
        "bandwidth": factors(rng, n, 1),
        "half_life": factors(rng, n, 1),
        "severity": factors(rng, n, 1 + len(method.TYPE_WEIGHT)),
        "weights": np.hstack(inner),
        "power": factors(rng, n, 1),
    }


class Security:
    """The security scores of all sites under settings."""

    def __init__(self, inputs, days, scheme=method.DEFAULT):
        self.c, self.days, self.scheme = inputs, days, scheme
        self.kinds = list(method.TYPE_WEIGHT)
        self.kind = np.array([self.kinds.index(t) for t in inputs.type])
        self.base = np.array([scheme.types[t] for t in inputs.type])

    def __call__(self, told):
        """Scores of settings by sites; NaN for a site without one."""
        n = len(told["bandwidth"])
        out = np.full((n, len(self.c.sites)), np.nan)
        for k in range(len(self.c.sites)):
            if self.days[k] is not None:
                for a in range(0, n, BATCH):
                    out[a : a + BATCH, k] = self._site(k, {g: v[a : a + BATCH] for g, v in told.items()})
        return out

    def _site(self, k, told):
        c, kernel = self.c, self.scheme.kernel
        # Within what the widest kernel reaches.
        wide = method.Kernel(scales=tuple(h * math.exp(SPREAD * CUT) for h in kernel.scales), shares=kernel.shares, cutoff=kernel.cutoff)
        near = np.any([wide(c.km(site), method.error_variance(site["r90"], c.r90)) > 0.0 for site in c.groups[k]], axis=0)
        known = (c.last <= self.days[k]) & near
        age = self.days[k] - c.last[known]
        m = self.base[known] * told["severity"][:, 1 + self.kind[known]] * (1.0 + self.scheme.fatality_factor * told["severity"][:, [0]] * np.log10(1.0 + c.deaths[known]))
        g = method.decay(age, self.scheme.half_life_d * told["half_life"])
        best = np.zeros((len(told["bandwidth"]), int(known.sum())))
        for site in c.groups[k]:
            d = c.km(site)[known]
            s2 = method.error_variance(site["r90"], c.r90[known])
            value = np.zeros_like(best)
            for p, h in zip(kernel.peaks(), kernel.scales):
                # One factor for all scales leaves the shares, and so the peaks, as they are.
                h2 = (h * told["bandwidth"]) ** 2
                value += p * h2 / (h2 + s2) * np.exp(-(d**2) / (2.0 * (h2 + s2)))
            value = np.where(value < kernel.cutoff, 0.0, value)
            best = np.maximum(best, self.scheme.parts[site["part"]] * value)
        lam = (m * g * best).sum(axis=1)
        return 100.0 * method.squash(lam, self.scheme.reference, self.scheme.exponent)


class Environment:
    """The environment scores of all sites under settings; values, shares known and references stay."""

    def __init__(self, indicators, numbers):
        """`indicators` holds {name: (value, known)} of each site that has a score, None of another."""
        self.names = [key for bar in numbers["environment"]["bars"] for key in environment.BARS[bar]]
        self.power = numbers["environment"]["power"]
        of = lambda f: np.array([[f(key, told[key]) if told else np.nan for key in self.names] for told in indicators], float)
        self.e, self.k = of(lambda key, pair: pair[0] or 0.0), of(lambda key, pair: pair[1])
        self.r = of(lambda key, pair: max(pair[0] or 0.0, numbers["environment"][key]["reference"]))

    def __call__(self, told):
        w, p = told["weights"], self.power * told["power"]
        out = []
        for e, k, r in zip(self.e, self.k, self.r):
            total = (w * (k * e**p + (1.0 - k) * r**p)).sum(axis=1) / w.sum(axis=1)
            out.append(100.0 * total ** (1.0 / p[:, 0]))
        return np.array(out).T


def indices(f_a, f_b, f_ab):
    """First-order (Saltelli et al. 2010) and total indices (Jansen 1999) of a group; rows are samples."""
    variance = np.var(np.vstack([f_a, f_b]), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        first = (f_b * (f_ab - f_a)).mean(axis=0) / variance
        total = ((f_a - f_ab) ** 2).mean(axis=0) / (2.0 * variance)
    return first, total


def with_errors(f_a, f_b, f_ab, rng, n=100):
    """The indices, and the standard error of each from n bootstrap resamples."""
    centered = [f - f_a.mean(axis=0) for f in (f_a, f_b, f_ab)]
    value = indices(*centered)
    again = [indices(*(f[rows] for f in centered)) for rows in rng.integers(0, len(f_a), (n, len(f_a)))]
    return value, tuple(np.std([a[k] for a in again], axis=0, ddof=1) for k in (0, 1))


def swapped(a, b, group):
    return {**a, group: b[group]}


def study(parts, numbers, n=SAMPLES, seed=11):
    """Ranks in all settings, and the indices of each group: {score: (scores, {group: (value, error)})}.

    `parts` are functions from settings to scores, {"security": f, "environment": f}.
    """
    rng = np.random.default_rng(seed)
    a, b = settings(rng, n, numbers), settings(rng, n, numbers)
    out = {}
    runs = {}
    for name, f in parts.items():
        runs[name] = {"a": f(a), "b": f(b), **{g: f(swapped(a, b, g)) for g in OF[name]}}
    if len(parts) == 2:
        mean = lambda s, e: method.overall(s, e, numbers["overall"]["power"])
        s, e = runs["security"], runs["environment"]
        runs["overall"] = {"a": mean(s["a"], e["a"]), "b": mean(s["b"], e["b"])}
        for g in GROUPS:
            runs["overall"][g] = mean(s.get(g, s["a"]), e.get(g, e["a"]))
    for name, run in runs.items():
        found = {g: with_errors(run["a"], run["b"], run[g], rng) for g in OF[name]}
        out[name] = (np.vstack([run["a"], run["b"]]), found)
    return out


def selftest():
    failures = []

    def check(what, got, want, tolerance):
        ok = abs(got - want) <= tolerance
        print(f"{'ok  ' if ok else 'FAIL'} {what}: {got:.6g} (expected {want:.6g} +- {tolerance:.3g})")
        if not ok:
            failures.append(what)

    rng = np.random.default_rng(5)
    # Ishigami's function: a = 7, b = 0.1 on (-pi, pi)^3.
    ishigami = lambda x: (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[:, None]
    n = 200_000
    a, b = (rng.uniform(-math.pi, math.pi, (n, 3)) for _ in range(2))
    v1, v2, v13 = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2, 49 / 8, 8 * 0.1**2 * math.pi**8 / 225
    whole = v1 + v2 + v13
    for k, (first, total) in enumerate(((v1, v1 + v13), (v2, v2), (0.0, v13))):
        ab = a.copy()
        ab[:, k] = b[:, k]
        (s, t), (se, te) = with_errors(ishigami(a), ishigami(b), ishigami(ab), rng)
        check(f"Ishigami, first order of x{k + 1}", float(s[0]), first / whole, 4.5 * float(se[0]))
        check(f"Ishigami, total of x{k + 1}", float(t[0]), total / whole, 4.5 * float(te[0]))

    f = factors(rng, 400_000, 1)[:, 0]
    check("no factor beyond two standard deviations", float(np.abs(np.log(f)).max() / SPREAD), 2.0, 1e-3)
    # The variance of a normal distribution cut at 2: 1 - 2 * 2 phi(2) / (2 Phi(2) - 1) = 0.773741.
    check("the variance of its logarithm", float((np.log(f) / SPREAD).var()), 0.773741, 0.006)
    from surroundings import numbers

    told = numbers()
    w = settings(rng, 200_000, told)["weights"]
    check("the weights add up to 1", float(np.abs(w.sum(axis=1) - 1.0).max()), 0.0, 1e-9)
    check("the mean of the first is its weight in the score", float(w[:, 0].mean()), 0.28, 0.001)
    bar = w[:, :3].sum(axis=1)
    check("the variance of the first bar", float(bar.var()), 0.35 * 0.65 / 21.0, 2e-4)
    inner = w[:, 0] / bar
    check("and within it", float(inner.var()), 0.8 * 0.2 / 21.0, 2e-4)
    # Nothing but one indicator at 1, all else known to be 0: the score is 100 w^(1/p).
    one = {key: (0.0, 1.0) for bar in environment.BARS.values() for key in bar} | {"sensitive_areas": (1.0, 1.0)}
    some = settings(rng, 5, told)
    got = Environment([one], told)(some)[:, 0]
    check("one indicator alone", float(np.abs(got - 100.0 * some["weights"][:, 0] ** (1.0 / (4.0 * some["power"][:, 0]))).max()), 0.0, 1e-9)
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    case.options(__doc__).parse_args(["--selftest", *sys.argv[1:]])
    sys.exit(selftest())
