"""Compares the intervals, ranks and shares of a run with `--uncertainty` with draws of the oracle's own.

    python compare_uncertainty.py --sites F --incidents F --as-of DATE --out OUTDIR [--draws N]
        [--receptors KIND=FILE]... [--complete KINDS] [--scheme F] [--coverage WHERE] [--stale last] [--bbox W,S,E,N] [--borders F]

N is the number of draws of the run. Both sides are Monte Carlo: with n draws of the program and m of the oracle,

- a quantile q has to lie between the oracle's quantiles at q -+ z sqrt(q (1 - q) (1/n + 1/m)), whatever the
  distribution, give or take half of the last digit that is written;
- a share p has to lie within z sqrt(p (1 - p) (1/n + 1/m)), with p the pooled share of both, two draws added
  on either side so that a share of 0 has a width;

z is 4.5: of a million such comparisons about seven fail by chance.
"""

import json
import math
import sys
from datetime import date

import numpy as np

import case
import method
import skill
import surroundings
import uncertainty
import unsure_environment
from table import Table

Z = 4.5
GROUPS = ("counts", "deaths", "places", "site")


def share_tolerance(p, q, n, m):
    pooled = (p * n + q * m + 2.0) / (n + m + 4.0)
    return Z * math.sqrt(pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m))


def compare_quantile(table, what, where, got, values, q, n, digit):
    if not isinstance(got, (int, float)):
        return table.fail(what, where, f"{got!r}, expected a number")
    ok, (low, high) = skill.within_bootstrap(values, q, got, n, Z, digit)
    if not ok:
        return table.fail(what, where, f"{got!r}, expected {low:.4g} to {high:.4g}")
    return table.near(what, where, got, float(np.quantile(values, q)), math.inf)


def compare_score(table, what, inputs, written, scores, n):
    """Percentiles of scores and ranks, and shares of draws; `scores` are draws by sites."""
    ranks, m = uncertainty.ranks(scores), len(scores)
    for k, site in enumerate(inputs.sites):
        where, got = f"{site['id']} {site['name']}", written.get(site["id"], {})
        of = lambda column: got.get(f"{what}_{column}", "(absent)")
        if np.isnan(scores[:, k]).all():
            for column in ("score_p05", "score_p95", "rank_p05", "rank_p95", "p_top10", "p_band"):
                table.same(f"{what}: no score, no interval", where, of(column), None)
            continue
        for q, name in ((0.05, "p05"), (0.95, "p95")):
            compare_quantile(table, f"{what} score {name}", where, of(f"score_{name}"), scores[:, k], q, n, 0.0501)
            # A rank is rounded to a whole number on both sides of a half.
            compare_quantile(table, f"{what} rank {name}", where, of(f"rank_{name}"), ranks[:, k], q, n, 0.5001)
        shares = [("p_top10", float((ranks[:, k] <= uncertainty.TOP).mean()))]
        if of("band") in method.BANDS:
            edge = 20.0 * method.BANDS.index(of("band"))
            rounded = np.round(scores[:, k], 1)
            shares.append(("p_band", float(((rounded >= edge) & ((rounded < edge + 20.0) | (edge == 80.0))).mean())))
        for column, share in shares:
            told = of(column)
            table.near(f"{what} {column}", where, told, share, share_tolerance(told if isinstance(told, float) else share, share, n, m) + 0.006)


def compare_moved(table, where, got, inputs, k, day, scheme, beside):
    """What moves the score most: a group of the largest variance, or one of not much less.

    The program takes a site's own variance from a few places around it, the oracle draws it.
    """
    spread = {name: beside[name] for name in GROUPS[:3]} | {"site": uncertainty.site_variance(inputs, k, day, scheme, n=2000)}
    most = max(spread.values())
    if most <= 0.0:
        return table.same("moved by", where, got, None)
    table.true("moved by", where, spread.get(got, 0.0) >= 0.8 * most, f"{got!r} of { {name: round(v / sum(spread.values()), 3) for name, v in spread.items()} }")


def main():
    parser = case.options(__doc__)
    parser.add_argument("--as-of", required=True, type=date.fromisoformat)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--receptors", action="append", default=[], metavar="KIND=FILE", help="with them the environment too")
    parser.add_argument("--complete")
    args = parser.parse_args()
    inputs = case.Case(args)
    scheme = case.scheme_of(args.scheme[0] if args.scheme else None)
    days = inputs.days(args.as_of, args.stale, scheme)
    lam = uncertainty.intensities(inputs, days, scheme)
    scores = 100.0 * method.squash(lam, scheme.reference, scheme.exponent)
    beside = uncertainty.told(inputs, days, scheme)
    n, m = args.draws, len(scores)
    table = Table()
    written = {f["id"]: f["properties"] for f in json.loads((args.out / "sites.geojson").read_text(encoding="utf-8"))["features"]}
    table.same("sites", str(args.out), sorted(written), sorted(s["id"] for s in inputs.sites))
    compare_score(table, "security", inputs, written, scores, n)
    for k, site in enumerate(inputs.sites):
        where, got = f"{site['id']} {site['name']}", written.get(site["id"], {})
        if days[k] is None:
            table.same("no score: what moves it", where, (got.get("security_effective_incidents", "(absent)"), got.get("security_moved_by", "(absent)")), (None, None))
            continue
        effective = beside[k]["effective"]
        table.near("effective incidents", where, got.get("security_effective_incidents", "(absent)"), effective, 0.0501 + 1e-3 * effective)
        compare_moved(table, where, got.get("security_moved_by", "(absent)"), inputs, k, days[k], scheme, beside[k])
    if args.receptors:
        numbers = surroundings.numbers(args.scheme[0] if args.scheme else None)
        indicators, arounds = unsure_environment.environments(args, inputs, numbers)
        compare_score(table, "environment", inputs, written, unsure_environment.scores(inputs.sites, indicators, arounds, numbers, m), n)
    print(f"{sum(d is not None for d in days)} sites with a score, {len(inputs.records)} incidents, {len(np.unique(uncertainty.published_places(inputs.lon, inputs.lat, inputs.r90)))} published places, {n} draws against {m}")
    return table.report()


if __name__ == "__main__":
    sys.exit(main())
