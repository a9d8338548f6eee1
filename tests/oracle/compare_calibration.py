"""Compares a calibration with the oracle's own fit, what its receipt says of it, and the column that a run made of it.

    python compare_calibration.py --calibration FILE [--out OUTDIR]
        [--sites F --incidents F --from DATE --to DATE [--months 12] [--scheme NAME] [--coverage WHERE] [--borders F]]

With sites and incidents the file has to be what a fit to all origins gives, and the sentences of the receipt beside it
are read: the skill of fits to earlier origins, and what `--tune h,H` chose. With `--out` the probabilities of that run
of `score --calibration FILE` are worked out from its intensities.
"""

import json
import math
import re
import sys
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

import case
import hindcast
import skill
from compare_hindcast import compare_interval
from table import Table

OFFSET = 0.001
SCALES_KM, HALF_LIVES_D = (10, 15, 20, 30, 50), (180, 365, 730, 1460)
FIT_TOLERANCE = 1e-4  # of a and b where sums over many incidents are off by up to 3e-4


def chance(told, intensity):
    return 1.0 / (1.0 + math.exp(-(told["a"] + told["b"] * math.log(intensity + OFFSET))))


def compare_fit(table, args, told):
    h = hindcast.Hindcast(case.Case(args), hindcast.yearly(args.start, args.to, args.months))
    of = hindcast.Label(told["radius_km"], told["horizon_days"], told["min_deaths"])
    name = args.scheme[0] if args.scheme else "default"
    scheme = case.scheme_of(name)
    _, _, y, models = h.table(of, {"scheme": h.scheme_numbers(scheme)})
    a, b = skill.logistic(np.log(models["scheme"] + OFFSET), y)
    table.near("a", str(args.calibration), told["a"], a, FIT_TOLERANCE)
    table.near("b", str(args.calibration), told["b"], b, FIT_TOLERANCE)
    table.same("sites at origins", str(args.calibration), told["site_origins"], len(y))
    table.same("positives", str(args.calibration), told["positives"], int(y.sum()))
    table.same("origins", str(args.calibration), (told["origins"]["from"], told["origins"]["to"], told["origins"]["number"]), (str(args.start), str(args.to), len(h.origins)))
    compare_sentences(table, args, told, h, of, scheme)


def compare_sentences(table, args, told, h, of, scheme):
    """What the receipt says of the fits to earlier origins, and of other settings."""
    said = json.loads((Path(args.calibration).parent / "receipt.json").read_text(encoding="utf-8"))["hindcast"]
    origin, site, y, models = h.table(of, {"scheme": h.scheme_numbers(scheme)})
    x = np.log(models["scheme"] + OFFSET)
    p, p0 = np.full(len(y), np.nan), np.full(len(y), np.nan)
    later = 0
    for k, day in enumerate(h.origins):
        ended = [j for j in range(len(h.origins)) if h.origins[j] + of.horizon <= day]
        before, at = np.isin(origin, ended), origin == k
        if len(ended) >= skill.EARLIER and 0 < y[before].sum() < before.sum() and at.any():
            a, b = skill.logistic(x[before], y[before])
            p[at], p0[at] = 1.0 / (1.0 + np.exp(-(a + b * x[at]))), y[before].mean()
            later += 1
    rng = np.random.default_rng(1915)
    weights, times = skill.resamples(origin, h.cells()[site], 4000, rng, len(h.origins))
    found = re.search(r"Brier skill of (\S+) \((\S+) to (\S+)\) at (\d+)", said["calibration"])
    values = [float(v) for v in found.groups()]
    told_p = ~np.isnan(p)
    table.near("skill of earlier fits", said["calibration"], values[0], float(skill.brier_skill(p, p0, y, np.ones((1, len(y))))[0]), 0.0006)
    compare_interval(table, "skill of earlier fits: interval", "receipt.json", values[1:3], skill.brier_skill(p, p0, y, weights), 0.0006)
    table.same("later origins", "receipt.json", int(values[3]), later)
    table.true("later origins", "receipt.json", told_p.any(), "none")
    if "tuned" in said:
        compare_tuning(table, said["tuned"], h, scheme, (origin, site, y, models["scheme"]), rng)


def compare_tuning(table, sentence, h, scheme, rows, rng):
    """The best of one scale and half-life on the earlier half of the origins, and its gain on the later half."""
    origin, site, y, own = rows
    half = len(h.origins) // 2
    early, late = origin < half, origin >= half

    def areas(x, at, weights, times):
        return (skill.roc_auc(x[at], y[at], weights) + skill.roc_auc_within(x[at], y[at], origin[at], weights, times)) / 2.0

    plain = lambda x, at: float(areas(x, at, np.ones((1, int(at.sum()))), np.ones((1, len(h.origins)), int))[0])
    tried = {}
    for km in SCALES_KM:
        for days in HALF_LIVES_D:
            other = replace(scheme, kernel=replace(scheme.kernel, shares=(1.0,), scales=(float(km),)), half_life_d=float(days))
            tried[(km, days)] = h.scheme_numbers(other)[origin, site]
    best = max(tried, key=lambda key: plain(tried[key], early))
    found = re.search(r"one scale of (\S+) km with a half-life of (\S+) days .*?areas (\S+), .*? ([0-9.]+)\)\. .*?difference is (\S+) \((\S+) to (\S+)\)", sentence)
    km, days, then, now, gain, low, high = (float(v) for v in found.groups())
    table.same("tuning: the best", sentence, (km, days), (float(best[0]), float(best[1])))
    table.near("tuning: areas of the best", "early", then, plain(tried[best], early), 0.0006)
    table.near("tuning: areas of the scheme", "early", now, plain(own, early), 0.0006)
    table.near("tuning: difference", "late", gain, plain(tried[best], late) - plain(own, late), 0.0006)
    weights, times = skill.resamples(origin[late], h.cells()[site[late]], 4000, rng, len(h.origins))
    compare_interval(table, "tuning: interval", "late", (low, high), areas(tried[best], late, weights, times) - areas(own, late, weights, times), 0.0006)


def compare_column(table, args, told):
    plain = lambda km: f"{km:g}".replace(".", "_")
    column = f"p_event_{plain(told['radius_km'])}km_{told['horizon_days']}d" + (f"_{told['min_deaths']}deaths" if told["min_deaths"] else "")
    for f in json.loads((args.out / "sites.geojson").read_text(encoding="utf-8"))["features"]:
        intensity, got = f["properties"]["security_intensity"], f["properties"].get(column, "(absent)")
        if intensity is None:
            table.same("no score, none", f["id"], got, None)
            continue
        # Intensities are written with four digits, probabilities with three decimals.
        slack = abs(chance(told, intensity * 1.0005) - chance(told, intensity)) + 0.00051
        table.near(column, f["id"], got, chance(told, intensity), slack)


def main():
    parser = case.options(__doc__)
    parser.add_argument("--calibration", required=True)
    parser.add_argument("--from", dest="start", type=date.fromisoformat)
    parser.add_argument("--to", type=date.fromisoformat)
    parser.add_argument("--months", type=int, default=12)
    args = parser.parse_args()
    told = tomllib.loads(open(args.calibration, encoding="utf-8").read())
    table = Table()
    if args.sites:
        compare_fit(table, args, told)
    if args.out:
        compare_column(table, args, told)
    return table.report()


if __name__ == "__main__":
    sys.exit(main())
