"""Checks the checkers of hindcasts, intervals and settings: plants one fault at a time in a copy of an output.

    python plant_sure_faults.py hindcast|uncertainty|sensitivity OUTDIR [what the comparison takes but --out]

Run it on an output that the comparison passes: each fault has to be seen.
"""

import csv
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def cell(name, which, column, change):
    """A fault in one cell of the first row of a table of which `which` holds."""

    def plant(folder):
        path = folder / name
        with open(path, newline="", encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
        row = next(r for r in rows if which(r) and r[column] != "")
        row[column] = change(row[column])
        with open(path, "w", newline="", encoding="utf-8") as f:
            table = csv.DictWriter(f, rows[0].keys())
            table.writeheader()
            table.writerows(rows)

    return plant


def dropped(name, which):
    """A row that is missing."""

    def plant(folder):
        path = folder / name
        with open(path, newline="", encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
        gone = next(k for k, r in enumerate(rows) if which(r))
        with open(path, "w", newline="", encoding="utf-8") as f:
            table = csv.DictWriter(f, rows[0].keys())
            table.writeheader()
            table.writerows(rows[:gone] + rows[gone + 1 :])

    return plant


def property_of(column, change):
    """A fault at the site whose interval of security scores is the widest."""

    def plant(folder):
        path = folder / "sites.geojson"
        layer = json.loads(path.read_text(encoding="utf-8"))
        scored = [f["properties"] for f in layer["features"] if f["properties"].get("security_score_p05") is not None]
        site = max(scored, key=lambda p: p["security_score_p95"] - p["security_score_p05"])
        site[column] = change(site[column])
        path.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")

    return plant


def receipt(change):
    def plant(folder):
        path = folder / "receipt.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        change(told["hindcast"])
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    return plant


def more(by):
    return lambda text: f"{float(text) + by:.9g}"


def other_word(h):
    said = h["conclusions"][0]
    h["conclusions"][0] = said.replace(" ties ", " beats ") if " ties " in said else said.replace(" beats ", " ties ").replace(" loses ", " ties ")


pooled = lambda r: r["origin"] == "pooled"
of = lambda metric: lambda r: pooled(r) and r["metric"] == metric and r["model"] == "count_3y"
FAULTS = {
    "hindcast": {
        **{f"{metric} off by 3e-6": cell("hindcast.csv", of(metric), "value", more(3e-6)) for metric in ("roc_auc", "roc_auc_within", "average_precision", "brier_skill", "hit_10", "hit_20", "pai_10")},
        "a lower bound too low": cell("hindcast.csv", of("roc_auc"), "lo", more(-0.15)),
        "an upper bound too low": cell("hindcast.csv", of("roc_auc"), "hi", more(-0.03)),
        "a difference of the wrong sign": cell("hindcast.csv", of("average_precision"), "diff", lambda v: f"{-float(v):.9g}"),
        "an interval that is not paired": cell("hindcast.csv", of("roc_auc"), "diff_lo", more(-0.08)),
        "a measure that is missing": dropped("hindcast.csv", of("hit_20")),
        "one incident too many": cell("predictions.csv", lambda r: r["count_3y_25km"] not in ("", "0"), "count_3y_25km", more(1)),
        "a distance off by 10 m": cell("predictions.csv", lambda r: True, "nearest_km", more(0.01)),
        "an intensity off by a thousandth": cell("predictions.csv", lambda r: float(r["scheme:default"] or 0) > 0, "scheme:default", lambda v: repr(float(v) * 1.001)),
        "what did not happen": cell("predictions.csv", lambda r: r["event_25km_365d"] == "0", "event_25km_365d", lambda v: "1"),
        "a site at an origin that is missing": dropped("predictions.csv", lambda r: True),
        "a band counted twice": cell("bands.csv", lambda r: int(r["counted"]) > 0, "counted", lambda v: str(int(v) + 1)),
        "Wilson's interval of 95 %": cell("bands.csv", lambda r: int(r["counted"]) > 5, "hi", more(0.02)),
        "a positive more in the receipt": receipt(lambda h: h["labels"][0].update(positives=h["labels"][0]["positives"] + 1)),
        "another word": receipt(other_word),
    },
    "uncertainty": {
        "p05 off by a quarter of the width": property_of("security_score_p05", lambda v: v + 8.0),
        "p95 too low": property_of("security_score_p95", lambda v: v - 5.0),
        "a rank": property_of("security_rank_p95", lambda v: v - 5),
        "a share of the top ten": property_of("security_p_top10", lambda v: v + 0.15 if v < 0.5 else v - 0.15),
        "a share of the band": property_of("security_p_band", lambda v: v + 0.15 if v < 0.5 else v - 0.15),
        "effective incidents": property_of("security_effective_incidents", lambda v: v + 0.2),
        "what moves a score": property_of("security_moved_by", lambda v: "deaths"),
        "an interval that is missing": property_of("security_score_p05", lambda v: None),
    },
    "sensitivity": {
        "a rank": cell("sensitivity.csv", lambda r: True, "security_rank_p95", more(6)),
        "a share of the top ten": cell("sensitivity.csv", lambda r: True, "security_p_top10", lambda v: f"{(float(v) + 0.5) % 1.0:.3f}"),
        "a first-order index": cell("sensitivity.csv", lambda r: True, "security_bandwidth_first", more(0.25)),
        "a total index": cell("sensitivity.csv", lambda r: True, "environment_weights_total", more(0.25)),
        "a standard error": cell("sensitivity.csv", lambda r: True, "security_bandwidth_first_se", lambda v: f"{3.0 * float(v):.3f}"),
        "a site that is missing": dropped("sensitivity.csv", lambda r: True),
    },
}


def main():
    kind, out, rest = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    unseen = 0
    for what, plant in FAULTS[kind].items():
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "out"
            shutil.copytree(out, copy)
            plant(copy)
            done = subprocess.run([sys.executable, HERE / f"compare_{kind}.py", *rest, "--out", copy], capture_output=True, text=True)
        seen = done.returncode == 1 and "FAIL" in done.stdout
        unseen += not seen
        print(f"{'seen  ' if seen else 'UNSEEN'} {what}" + ("" if seen else f": exit {done.returncode} {done.stderr.strip()[-200:]}"), flush=True)
    print(f"{unseen} unseen of {len(FAULTS[kind])}")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
