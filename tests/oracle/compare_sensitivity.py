"""Compares a run's sensitivity.csv with every setting computed in full.

    python compare_sensitivity.py --sites F --incidents F --as-of DATE --out OUTDIR [--settings N]
        [--samples N] [--receptors KIND=FILE]... [--complete KINDS] [--scheme F] [--coverage WHERE] [--borders F]

N is the number of settings from which the run took its ranks. Both sides are drawn: ranks and shares are compared as
in compare_uncertainty.py; an index has to lie within z sqrt(a^2 + b^2) of the oracle's, with the standard errors of
both, plus half of the last digit, z = 4.5. The standard error written is compared with the oracle's by the number of samples:
within a factor of two of it.
"""

import csv
import math
import sys
from datetime import date

import numpy as np

import case
import sensitivity
import skill
import surroundings
import uncertainty
import unsure_environment
from compare_uncertainty import Z, compare_quantile, share_tolerance
from table import Table

EQUAL = 6  # decimals


def cell(row, column):
    text = row.get(column, "(absent)")
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def main():
    parser = case.options(__doc__)
    parser.add_argument("--as-of", required=True, type=date.fromisoformat)
    parser.add_argument("--receptors", action="append", default=[], metavar="KIND=FILE")
    parser.add_argument("--complete")
    parser.add_argument("--settings", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=sensitivity.SAMPLES, help="of the oracle's own")
    args = parser.parse_args()
    inputs = case.Case(args)
    name = args.scheme[0] if args.scheme else None
    scheme, n = case.scheme_of(name), surroundings.numbers(name)
    days = inputs.days(args.as_of, args.stale, scheme)
    parts = {"security": sensitivity.Security(inputs, days, scheme)}
    if args.receptors:
        parts["environment"] = sensitivity.Environment(unsure_environment.environments(args, inputs, n)[0], n)
    found = sensitivity.study(parts, n, args.samples)
    with open(args.out / "sensitivity.csv", newline="", encoding="utf-8") as f:
        written = {row["site_id"]: row for row in csv.DictReader(f)}
    table = Table()
    table.same("sites", str(args.out), sorted(written), sorted(s["id"] for s in inputs.sites))
    for score, (scores, groups) in found.items():
        # The program takes scores that differ by less than about 1e-6 for equal.
        ranks = uncertainty.ranks(np.round(scores, EQUAL))
        for k, site in enumerate(inputs.sites):
            where, row = f"{site['id']} {site['name']}", written.get(site["id"], {})
            of = lambda column: cell(row, f"{score}_{column}")
            if np.isnan(scores[:, k]).all():
                for column in ("rank_p05", "rank_p95", "p_top10"):
                    table.same(f"{score}: no score", where, of(column), None)
                continue
            for q, column in ((0.05, "rank_p05"), (0.95, "rank_p95")):
                compare_quantile(table, f"{score} {column}", where, of(column), ranks[:, k], q, args.settings, 0.5001)
            top = float((ranks[:, k] <= uncertainty.TOP).mean())
            got = of("p_top10")
            table.near(f"{score} P(top 10)", where, got, top, share_tolerance(got if isinstance(got, float) else top, top, args.settings, len(scores)) + 0.006)
            varies = np.ptp(scores[:, k]) > 0.0
            for group, (values, errors) in groups.items():
                for kind, value, error in zip(("first", "total"), values, errors):
                    column = f"{group}_{kind}"
                    got, se = of(column), of(f"{column}_se")
                    if not varies:
                        table.true(f"{score} {kind} index of nothing", where, got in (None, 0.0), f"{got!r}")
                        continue
                    spread = math.hypot(error[k], se if isinstance(se, float) else 0.0)
                    table.near(f"{score} {kind} index", f"{where}, {group}", got, float(value[k]), Z * spread + 0.0011)
                    # Errors go down with the square root of the samples.
                    expected = float(error[k]) * math.sqrt(args.samples / args.settings)
                    if isinstance(se, float):
                        table.true(f"{score} standard error", f"{where}, {group}", expected / 2 - 0.001 <= se <= 2 * expected + 0.001, f"{se!r}, expected about {expected:.4f}")
                    else:
                        table.fail(f"{score} standard error", f"{where}, {group}", f"{se!r}")
    return table.report()


if __name__ == "__main__":
    sys.exit(main())
