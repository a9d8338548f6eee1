"""One file of the mines of Pakistan from three published data sets: `python mines.py DATA OUT.csv`.

The facts of this project, ICMM's mines, and the places of GEM's coal mines, each place once: 86.
"""

import csv
import sys
from pathlib import Path

import openpyxl

import read

R90_OF_GEM = {"Exact": 1.0, "Approximate": 10.0}


def coal_mines(path):
    """GEM's coal mines in Pakistan; several mines of one place are one."""
    places = {}
    for sheet in list(openpyxl.load_workbook(path, read_only=True))[1:]:
        rows = sheet.iter_rows(values_only=True)
        header = next(rows)
        for row in (dict(zip(header, r)) for r in rows):
            if row["Country"] == "Pakistan":
                place = (row["Longitude"], row["Latitude"])
                places.setdefault(place, (row["GEM Mine ID"], row["Mine Name"], *place, R90_OF_GEM[row["Location Accuracy"]]))
    return list(places.values())


def main(data, out):
    of = lambda sites: [(s["id"], s["name"], s["lon"], s["lat"], s["r90"]) for s in sites]
    facts = of(read.read_sites(data / "pakistan-facts/sites.csv"))
    icmm = of([s for s in read.read_sites(data / "icmm-global-mining/mines.geojson") if s["row"]["country"] == "Pakistan"])
    gem = coal_mines(next((data / "gem-coal-mine-tracker").glob("*.xlsx")))
    with open(out, "w", newline="", encoding="utf-8") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow(["id", "name", "lon", "lat", "position_accuracy_km", "country"])
        table.writerows([*row, "Pakistan"] for row in [*facts, *icmm, *gem])
    print(f"{len(facts)} + {len(icmm)} + {len(gem)} mines of Pakistan")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
