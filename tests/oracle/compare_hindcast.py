"""Compares a run of `tamarisk hindcast` with the naive reading: predictions, labels, measures, intervals, words.

    python compare_hindcast.py --sites F --incidents F --from DATE --to DATE --out OUTDIR [--months 12]
        [--within 25,50] [--horizon 365] [--min-deaths 0] [--scheme NAME]... [--coverage WHERE] [--borders F]
        [--calibration FILE]

Measures are taken by scikit-learn and have to agree to 1e-6; those of a scheme by twice what an error of 3e-4 in its
intensities can move, beside. Intervals are Monte Carlo on both sides: compared by skill.within_bootstrap.
"""

import csv
import json
import math
import sys
from datetime import date

import numpy as np

import case
import hindcast
import method
import skill
from table import Table

RESAMPLES = 1000
OWN_RESAMPLES = 2000
GROUPED = 3e-4  # the relative error of sums over many incidents
DIGITS = 1e-6


PREDICTIONS = 1e-9  # relative: every digit is written
KM_TOLERANCE = 1e-6


def plain(km):
    return f"{km:g}".replace(".", "_")


def number(text):
    return None if text in ("", None) else float(text)


class Written:
    """The rows of hindcast.csv by what they are of."""

    def __init__(self, path):
        with open(path, newline="", encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
        key = lambda r: (r["origin"], float(r["radius_km"]), int(r["horizon_days"]), int(r["min_deaths"]), r["model"], r["metric"])
        self.rows = {key(r): {k: number(r[k]) for k in ("value", "lo", "hi", "diff", "diff_lo", "diff_hi")} for r in rows}
        self.twice = len(rows) - len(self.rows)


class Told:
    """What the oracle says of one label: rows of sites at origins, numbers of models, weights of resamples."""

    def __init__(self, h, of, numbers, rng):
        self.origin, self.site, self.y, self.models = h.table(of, numbers)
        self.weights, self.times = skill.resamples(self.origin, h.cells()[self.site], OWN_RESAMPLES, rng, len(h.origins))
        self.calibrated = {name: skill.calibrated(x, self.y, self.origin, h.origins, of.horizon) for name, x in self.models.items()}
        self.h, self.of, self.rng, self._shaken = h, of, rng, {}

    def value(self, name, at):
        return skill.by_scikit(self.models[name][at], self.y[at], self.origin[at], *(v[at] for v in self.calibrated[name]))

    def shaken(self, name):
        """The numbers of a scheme with small errors, calibrated again."""
        if name not in self._shaken:
            some = [self.models[name] * (1.0 + GROUPED * self.rng.uniform(-1, 1, len(self.y))) for _ in range(10)]
            self._shaken[name] = [(x, *skill.calibrated(x, self.y, self.origin, self.h.origins, self.of.horizon)) for x in some]
        return self._shaken[name]

    def slack(self, name, at):
        """How far small errors of a scheme's numbers can move each measure."""
        most = dict.fromkeys(skill.METRICS, 0.0)
        if name.startswith("scheme:"):
            true = self.value(name, at)
            for x, p, p0 in self.shaken(name):
                for metric, v in skill.by_scikit(x[at], self.y[at], self.origin[at], p[at], p0[at]).items():
                    most[metric] = max(most[metric], abs(v - true[metric]))
        return {metric: 0.0 if math.isnan(v) else 2.0 * v for metric, v in most.items()}

    def drawn(self, name, at, alone):
        """Measures under resamples; at one origin the origin itself is there in each."""
        weights, times = self.weights[:, at], self.times
        if alone is not None:
            drawn = times[:, alone] > 0
            weights = weights[drawn] / times[drawn][:, [alone]]
            times = np.ones((int(drawn.sum()), times.shape[1]), int)
        return skill.measures(self.models[name][at], self.y[at], self.origin[at], weights, times, *(v[at] for v in self.calibrated[name]))


def compare_number(table, what, where, got, want, tolerance):
    table.near(what, where, got, None if want is None or math.isnan(want) else want, tolerance)


def compare_interval(table, what, where, got, values, slack):
    values = values[~np.isnan(values)]
    for share, bound in ((0.05, got[0]), (0.95, got[1])):
        if len(values) < 100:
            continue
        if bound is None:
            table.fail(what, where, f"no bound, expected about {np.quantile(values, share):.4f}")
            continue
        ok, (low, high) = skill.within_bootstrap(values, share, bound, RESAMPLES * len(values) / OWN_RESAMPLES, digits=DIGITS + slack)
        table.true(what, where, ok, f"{bound!r}, expected {low:.5f} to {high:.5f}")


def compare_label(table, written, told, first, seen):
    of, h = told.of, told.h
    everywhere = np.ones(len(told.y), bool)
    views = [("pooled", everywhere, None)] + [(case.day_of(t), told.origin == k, k) for k, t in enumerate(h.origins)]
    for origin, at, alone in views:
        if not at.any():
            continue
        values = {name: told.value(name, at) for name in told.models}
        slacks = {name: told.slack(name, at) for name in told.models}
        drawn = {}
        for name in told.models:
            for metric in skill.METRICS:
                key = (origin, of.within_km, of.horizon, of.deaths, name, metric)
                where = f"{origin} {of.within_km:g} km {of.horizon} d {of.deaths} deaths, {name} {metric}"
                got = written.rows.get(key)
                if got is None:
                    if alone is None:
                        table.fail("rows", where, "not in hindcast.csv")
                    continue
                seen.add(key)
                if name not in drawn:
                    drawn[name] = told.drawn(name, at, alone)
                    drawn.setdefault(first, told.drawn(first, at, alone))
                slack, base = slacks[name][metric], slacks[first][metric]
                kind = "pooled" if alone is None else "at an origin"
                compare_number(table, f"{kind}: {metric}", where, got["value"], values[name][metric], DIGITS + slack)
                compare_interval(table, f"{kind}: interval", where, (got["lo"], got["hi"]), drawn[name][metric], slack)
                if name == first:
                    continue
                compare_number(table, f"{kind}: difference", where, got["diff"], values[name][metric] - values[first][metric], 2 * DIGITS + slack + base)
                compare_interval(table, f"{kind}: interval of the difference", where, (got["diff_lo"], got["diff_hi"]), drawn[name][metric] - drawn[first][metric], slack + base)


def compare_predictions(table, path, h, numbers, schemes, labels):
    """Every number of every model at every site and origin, and what happened."""
    with open(path, newline="", encoding="utf-8") as f:
        rows = {(r["origin"], r["site_id"]): r for r in csv.DictReader(f)}
    table.same("predictions: rows", str(path), sorted(rows), sorted((case.day_of(t), s["id"]) for t in h.origins for s in h.case.sites))
    radii = sorted({of.within_km for of in labels})
    for k, t in enumerate(h.origins):
        told = {km: h.baselines(t, km) for km in radii}
        happened = {of: h.label(t, of) for of in labels}
        counts = {of: h.counts_for(k, of) for of in labels}
        for n, site in enumerate(h.case.sites):
            where = f"{site['id']} at {case.day_of(t)}"
            row = rows.get((case.day_of(t), site["id"]))
            if row is None:
                continue
            for name, scheme in schemes.items():
                got, want = number(row[f"scheme:{name}"]), float(numbers[f"scheme:{name}"][k, n])
                if not h.scored[k][n]:
                    table.same("predictions: no score", where, (got, row[f"score:{name}"], row[f"band:{name}"]), (None, "", method.NO_DATA))
                    continue
                table.near("predictions: intensity, relative", where, got / want if want else got, 1.0 if want else 0.0, GROUPED + 1e-9)
                score = 100.0 * method.squash(want, scheme.reference, scheme.exponent)
                table.near("predictions: score", where, number(row[f"score:{name}"]), score, 0.06)
                table.same("predictions: band", where, row[f"band:{name}"], method.band(number(row[f"score:{name}"])))
            for km in radii:
                for model in hindcast.COUNTS:
                    want = float(told[km][model][n])
                    table.near(f"predictions: {model}", where, number(row[f"{model}_{plain(km)}km"]), want, 1e-9 * max(want, 1.0))
            nearest = float(told[radii[0]]["nearest"][n])
            table.near("predictions: nearest_km", where, number(row["nearest_km"]), None if nearest == hindcast.FARTHEST else -nearest, KM_TOLERANCE)
            kde = float(told[radii[0]]["kde"][n])
            table.near("predictions: kde", where, number(row["kde"]), kde, 1e-9 * max(kde, 1.0))
            for of in labels:
                column = f"event_{plain(of.within_km)}km_{of.horizon}d" + (f"_min{of.deaths}" if of.deaths else "")
                table.same("predictions: what happened", f"{where} {column}", row[column], str(int(happened[of][n])) if counts[of][n] else "")


def compare_bands(table, path, h, numbers, schemes, labels):
    """Sites at origins in each band, positives and Wilson's interval; scores near an edge may be in either band."""
    with open(path, newline="", encoding="utf-8") as f:
        rows = {(float(r["radius_km"]), int(r["horizon_days"]), int(r["min_deaths"]), r["model"], r["band"]): r for r in csv.DictReader(f)}
    for of in labels:
        for name, scheme in schemes.items():
            counted, positive = dict.fromkeys(method.BANDS, 0), dict.fromkeys(method.BANDS, 0)
            close = 0
            for k, t in enumerate(h.origins):
                y, mask = h.label(t, of), h.counts_for(k, of)
                for n in np.flatnonzero(mask):
                    score = 100.0 * method.squash(numbers[f"scheme:{name}"][k, n], scheme.reference, scheme.exponent)
                    counted[method.band(score)] += 1
                    positive[method.band(score)] += int(y[n])
                    close += min(abs(score - edge) for edge in (19.95, 39.95, 59.95, 79.95)) < 0.005
            for band in method.BANDS:
                where = f"{of.within_km:g} km {of.horizon} d {of.deaths} deaths {name} {band}"
                row = rows.get((of.within_km, of.horizon, of.deaths, f"scheme:{name}", band))
                if row is None:
                    table.true("bands: rows", where, counted[band] == 0, "not in bands.csv")
                    continue
                n, p = int(row["counted"]), int(row["positives"])
                table.near("bands: counted", where, n, counted[band], close)
                table.near("bands: positives", where, p, positive[band], close)
                share = p / n if n else None
                low, high = skill.wilson(p, n) if n else (None, None)
                for column, want in (("share", share), ("lo", low), ("hi", high)):
                    table.near(f"bands: {column}", where, number(row[column]), want, DIGITS)


def compare_counts(table, path, h, labels):
    """How many sites at origins counted for each label, and how many were set aside for which reason."""
    told = json.loads(path.read_text(encoding="utf-8"))["hindcast"]["labels"]
    written = {(float(x["radius_km"]), x["horizon_days"], x["min_deaths"]): x for x in told}
    table.same("receipt: labels", str(path), sorted(written), sorted((of.within_km, of.horizon, of.deaths) for of in labels))
    for of in labels:
        got = written.get((of.within_km, of.horizon, of.deaths), {})
        counted = [h.counts_for(k, of) for k in range(len(h.origins))]
        want = {
            "counted": int(sum(c.sum() for c in counted)),
            "positives": int(sum((h.label(t, of) & c).sum() for t, c in zip(h.origins, counted))),
            "without_score": int((~h.scored).sum()),
            "not_covered": int(sum((h.scored[k] & ~h.covered(k, of)).sum() for k in range(len(h.origins)))),
        }
        table.same("receipt: counts", f"{of}", {key: got.get(key) for key in want}, want)


def word(written, of, first):
    """beats, ties or loses, by the rows as written: the scheme against the best of the three counts."""
    row = lambda name, metric: written.rows[("pooled", of.within_km, of.horizon, of.deaths, name, metric)]
    best = max(hindcast.COUNTS, key=lambda name: row(name, "roc_auc")["value"])
    # The rows hold the count less the scheme.
    above = [row(best, metric)["diff_hi"] < 0 for metric in ("roc_auc", "average_precision")]
    below = [row(best, metric)["diff_lo"] > 0 for metric in ("roc_auc", "average_precision")]
    if any(above) and not any(below):
        return "beats", best
    if any(below) and not any(above):
        return "loses", best
    return "ties", best


def main():
    parser = case.options(__doc__)
    parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True)
    parser.add_argument("--to", type=date.fromisoformat, required=True)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--within", default="25,50")
    parser.add_argument("--horizon", default="365")
    parser.add_argument("--min-deaths", default="0")
    args = parser.parse_args()
    h = hindcast.Hindcast(case.Case(args), hindcast.yearly(args.start, args.to, args.months))
    schemes = case.schemes_of(args)
    numbers = {f"scheme:{name}": h.scheme_numbers(scheme) for name, scheme in schemes.items()}
    written = Written(args.out / "hindcast.csv")
    table, seen = Table(), set()
    table.same("each row once", str(args.out), written.twice, 0)
    rng = np.random.default_rng(1914)
    labels = [hindcast.Label(float(km), int(days), int(deaths)) for km in args.within.split(",") for days in args.horizon.split(",") for deaths in args.min_deaths.split(",")]
    first = f"scheme:{next(iter(schemes))}"
    compare_predictions(table, args.out / "predictions.csv", h, numbers, schemes, labels)
    compare_bands(table, args.out / "bands.csv", h, numbers, schemes, labels)
    compare_counts(table, args.out / "receipt.json", h, labels)
    conclusions = json.loads((args.out / "receipt.json").read_text(encoding="utf-8"))["hindcast"]["conclusions"]
    for of, sentence in zip(labels, conclusions):
        told = Told(h, of, numbers, rng)
        compare_label(table, written, told, first, seen)
        verdict, best = word(written, of, first)
        print(f"{of.within_km:g} km, {of.horizon} d, {of.deaths} deaths: {len(told.y)} sites at origins, {int(told.y.sum())} positive; the scheme {verdict}, best count {best}: {sentence}")
        table.true("words", str(of), verdict in sentence, f"{sentence!r}, expected {verdict}")
    table.same("words: a sentence for each label", str(args.out), len(conclusions), len(labels))
    for extra in sorted(set(written.rows) - seen)[:5]:
        table.fail("rows", str(extra), "not expected")
    return table.report()


if __name__ == "__main__":
    sys.exit(main())
