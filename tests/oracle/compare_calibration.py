"""Compares a calibration with the oracle's own fit, and the column that a run made of it with the formula.

    python compare_calibration.py --calibration FILE [--out OUTDIR]
        [--sites F --incidents F --from DATE --to DATE [--months 12] [--scheme NAME] [--coverage WHERE] [--borders F]]

With sites and incidents the file has to be what a fit to all origins gives; with `--out` the probabilities of that
run of `score --calibration FILE` are worked out from its intensities.
"""

import json
import math
import sys
import tomllib
from datetime import date

import numpy as np

import case
import hindcast
import skill
from table import Table

OFFSET = 0.001
FIT_TOLERANCE = 1e-4  # of a and b where sums over many incidents are off by up to 3e-4


def chance(told, intensity):
    return 1.0 / (1.0 + math.exp(-(told["a"] + told["b"] * math.log(intensity + OFFSET))))


def compare_fit(table, args, told):
    h = hindcast.Hindcast(case.Case(args), hindcast.yearly(args.start, args.to, args.months))
    of = hindcast.Label(told["radius_km"], told["horizon_days"], told["min_deaths"])
    name = args.scheme[0] if args.scheme else "default"
    _, _, y, models = h.table(of, {"scheme": h.scheme_numbers(case.scheme_of(name))})
    a, b = skill.logistic(np.log(models["scheme"] + OFFSET), y)
    table.near("a", str(args.calibration), told["a"], a, FIT_TOLERANCE)
    table.near("b", str(args.calibration), told["b"], b, FIT_TOLERANCE)
    table.same("sites at origins", str(args.calibration), told["site_origins"], len(y))
    table.same("positives", str(args.calibration), told["positives"], int(y.sum()))
    table.same("origins", str(args.calibration), (told["origins"]["from"], told["origins"]["to"], told["origins"]["number"]), (str(args.start), str(args.to), len(h.origins)))


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
