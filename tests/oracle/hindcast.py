"""Scores as of past days and what came after them: origins, labels, baselines, read from the method alone.

    python hindcast.py --selftest [--sites F --incidents F ...]     cases by hand; with files, a table of what came out
"""

import calendar
import math
import sys
from dataclasses import dataclass
from datetime import date

import numpy as np

import case
import coverage
import method
import skill

ACCURATE_KM = 50.0  # labels and baselines take incidents known so well or better
YEAR_D, THREE_YEARS_D = 365, 1095
KDE_KM = 50.0
COUNTS = ("count_1y", "count_3y", "count_halflife_1y")
BASELINES = (*COUNTS, "nearest", "kde", "constant")
FARTHEST = -20004.0  # where there was nothing in three years: farther than any place


@dataclass(frozen=True)
class Label:
    """What is to be told: an incident within a radius, in the days after an origin, of so many deaths."""

    within_km: float
    horizon: int
    deaths: int


def yearly(start, end, months=12):
    """Origins counted back from the last by whole months; the last day of a month stays one."""
    out, k = [], 0
    while True:
        index = end.year * 12 + end.month - 1 - k * months
        year, month = divmod(index, 12)
        day = date(year, month + 1, min(end.day, calendar.monthrange(year, month + 1)[1]))
        if day < start:
            return sorted(out)
        out.append(day)
        k += 1


class Hindcast:
    """A case seen from many origins."""

    def __init__(self, inputs, origins):
        self.case, self.origins = inputs, [o.toordinal() for o in origins]
        self.km = np.array([inputs.km(s) for s in inputs.sites])
        self.accurate = inputs.r90 <= ACCURATE_KM
        self.spans = {name: coverage.spans_of(records, max(r["last"] for r in records), inputs.world, inputs.said) for name, records in inputs.files.items()}
        self.scored = np.array([self.scored_at(t) for t in self.origins])

    def scored_at(self, t):
        """Which sites have a security score at T, by what is known at T: every source is taken to collect until T."""
        if self.case.said is not None:
            spans = [s for records in self.case.files.values() for s in coverage.spans_of(records, t, self.case.world, self.case.said)]
        else:
            spans = []
            for records in self.case.files.values():
                past = [r for r in records if r["last"] <= t]
                if past and not all(r["vague"] for r in past):
                    spans += coverage.spans_of(past, t, self.case.world)
            spans = [coverage.Span(s.place, s.start, t) for s in spans]
        return [any(coverage.Coverage._holds(s.place, site, codes) and s.until(t) is not None for s in spans) for site, codes in zip(self.case.sites, self.case.codes)]

    def told(self, t, horizon):
        """Whose place one source covers from T to T + h, by all that is known today."""
        spans = [s for found in self.spans.values() for s in found if s.start <= t and s.end >= t + horizon]
        return np.array([any(coverage.Coverage._holds(s.place, site, codes) for s in spans) for site, codes in zip(self.case.sites, self.case.codes)])

    def label(self, t, of):
        """y of each site."""
        c = self.case
        later = (c.first > t) & (c.first <= t + of.horizon) & self.accurate & (c.deaths >= of.deaths)
        return (self.km[:, later] <= of.within_km).any(axis=1)

    def counts_for(self, k, of):
        """Which sites count at the k-th origin for a label; the others are set aside."""
        return self.scored[k] & self.covered(k, of)

    def covered(self, k, of):
        return self.told(self.origins[k], of.horizon)

    def intensities(self, t, kernels, m, half_life):
        known = self.case.last <= t
        return (kernels[:, known] * m[known] * method.decay(t - self.case.last[known], half_life)).sum(axis=1)

    def baselines(self, t, within_km):
        """Every baseline at every site."""
        known = (self.case.last <= t) & self.accurate
        km, age = self.km[:, known], t - self.case.last[known]
        near = km <= within_km
        recent = np.where(age < THREE_YEARS_D, km, math.inf).min(axis=1, initial=math.inf)
        return {
            "count_1y": (near & (age < YEAR_D)).sum(axis=1).astype(float),
            "count_3y": (near & (age < THREE_YEARS_D)).sum(axis=1).astype(float),
            "count_halflife_1y": (near * 2.0 ** (-age / YEAR_D)).sum(axis=1),
            "nearest": np.where(np.isfinite(recent), -recent, FARTHEST),
            "kde": np.exp(-(km**2) / (2 * KDE_KM**2)).sum(axis=1),
            "constant": np.ones(len(km)),
        }

    def cells(self):
        return np.array([[math.floor(s["lon"]), math.floor(s["lat"])] for s in self.case.sites])

    def scheme_numbers(self, scheme):
        """The intensity of a scheme: origins by sites."""
        kernels = np.array([self.case.kernels(k, scheme).max(axis=0) for k in range(len(self.case.sites))])
        m = self.case.severity(scheme)
        return np.array([self.intensities(t, kernels, m, scheme.half_life_d) for t in self.origins])

    def table(self, of, numbers):
        """Rows of sites at origins that count for a label: (origin, site, y), and the numbers of each model.

        `numbers` are those of the schemes, {name: origins by sites}; baselines are added.
        """
        at, sites, ys, models = [], [], [], {name: [] for name in [*numbers, *BASELINES]}
        for k, t in enumerate(self.origins):
            mask = self.counts_for(k, of)
            at += [k] * int(mask.sum())
            sites += list(np.flatnonzero(mask))
            ys += list(self.label(t, of)[mask])
            for name, values in (self.baselines(t, of.within_km) | {n: v[k] for n, v in numbers.items()}).items():
                models[name] += list(values[mask])
        return np.array(at), np.array(sites), np.array(ys, float), {name: np.array(v, float) for name, v in models.items()}


def selftest(args):
    failures = []

    def check(what, got, want):
        print(f"{'ok  ' if got == want else 'FAIL'} {what}: {got!r}" + ("" if got == want else f" (expected {want!r})"))
        if got != want:
            failures.append(what)

    check("origins a year apart", [str(d) for d in yearly(date(2018, 1, 1), date(2020, 12, 31))], ["2018-12-31", "2019-12-31", "2020-12-31"])
    check("half a year apart", [str(d) for d in yearly(date(2020, 1, 1), date(2020, 12, 31), 6)], ["2020-06-30", "2020-12-31"])
    check("a leap day", [str(d) for d in yearly(date(2023, 1, 1), date(2024, 2, 29))], ["2023-02-28", "2024-02-29"])

    class Made:
        """Sites at 0, 26 and 51 km; labels and baselines look at distances and days alone."""

        sites = [{"id": i, "lon": 0.0, "lat": 0.0} for i in range(3)]
        t = date(2020, 12, 31).toordinal()
        first = np.array([t, t + 1, t + 365, t + 366, t + 1, t + 1, t - 364, t - 1094])
        last = np.array([t + 1, t + 1, t + 365, t + 366, t + 1, t + 1, t - 364, t - 1094])
        r90 = np.array([1.0, 50.0, 1.0, 1.0, 51.0, 1.0, 1.0, 1.0])
        deaths = np.array([9.0, 0, 5, 9, 9, 4, 9, 9])
        said = None

    h = object.__new__(Hindcast)
    h.case, h.accurate = Made, Made.r90 <= ACCURATE_KM
    far = 100.0
    #                  begun at T, T + 1, T + h, after, rough, next day, a year less a day ago, three years less a day ago
    h.km = np.array([[1.0, far, far, 1.0, 1.0, far, 25.0, 1.0], [far, 25.0, far, far, far, far, far, 2.0], [far, far, 25.000001, far, far, 10.0, far, far]])
    of = lambda deaths, km=25.0: [bool(v) for v in h.label(Made.t, Label(km, 365, deaths))]
    check("begun at T or after T + h, or rough: no", of(0), [False, True, True])
    check("by deaths", of(5), [False, False, False])
    check("on the last day, by a radius of 50", of(5, 50.0), [False, False, True])
    told = h.baselines(Made.t, 25.0)
    check("counts of a year: what ended after T is not known", list(told["count_1y"]), [1.0, 0.0, 0.0])
    check("of three years", list(told["count_3y"]), [2.0, 1.0, 0.0])
    check("the nearest", list(told["nearest"]), [-1.0, -2.0, -100.0])
    if args.sites and args.incidents:
        show(args)
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


def show(args):
    """The measures of the default scheme and the baselines, to look at."""
    h = Hindcast(case.Case(args), yearly(args.start, args.to))
    of = Label(25.0, 365, 0)
    origin, _, y, models = h.table(of, {"default": h.scheme_numbers(method.DEFAULT)})
    print(f"{len(h.case.sites)} sites, {len(h.origins)} origins, {len(y)} rows, {int(y.sum())} positive: {y.mean():.3f}")
    a, b = skill.logistic(np.log(models["default"] + 0.001), y)
    print(f"calibration: a {a:.4f}, b {b:.4f}")
    for name, x in models.items():
        p, p0 = skill.calibrated(x, y, origin, h.origins, of.horizon)
        print(f"{name:18}", "  ".join(f"{metric} {value:.4f}" for metric, value in skill.by_scikit(x, y, origin, p, p0).items()))


if __name__ == "__main__":
    parser = case.options(__doc__)
    parser.add_argument("--from", dest="start", type=date.fromisoformat, default=date(2004, 12, 31))
    parser.add_argument("--to", type=date.fromisoformat, default=date(2020, 12, 31))
    sys.exit(selftest(parser.parse_args()))
