"""Plants faults in copies of output folders and sees that qgis_check.py finds each of them.

    /usr/bin/python3 scripts/qgis_faults.py RUN SERIES

RUN is the folder of a run with everything, SERIES that of a region and scheme of a batch.

Exits with 1 where a fault goes unseen, or where the folder is found fault with as it is.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

CHECK = Path(__file__).resolve().parent / "qgis_check.py"


def text(name, old, new):
    """A fault of a text file."""
    def plant(folder):
        path = folder / name
        before = path.read_text(encoding="utf-8")
        assert old in before, f"{name} has no {old}"
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
    return plant


def project(old, new, name="risk.qgz"):
    """A fault of a project."""
    def plant(folder):
        path = folder / name
        with zipfile.ZipFile(path) as old_zip:
            before = old_zip.read("risk.qgs").decode()
        assert old in before, f"the project has no {old}"
        with zipfile.ZipFile(path, "w") as new_zip:
            new_zip.writestr("risk.qgs", before.replace(old, new))
    return plant


def sql(*statements, name="risk.gpkg"):
    """A fault of a GeoPackage."""
    def plant(folder):
        database = sqlite3.connect(folder / name)
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()
    return plant


def cut(folder):
    path = folder / "sites.fgb"
    path.write_bytes(path.read_bytes()[:-100])


def other_value(folder):
    path = folder / "links.geojson"
    layer = json.loads(path.read_text(encoding="utf-8"))
    layer["features"][3]["properties"]["distance_km"] += 0.001
    path.write_text(json.dumps(layer), encoding="utf-8")


FAULTS = {
    "a band without a class": text("sites.qml", 'value="high"', 'value="highest"'),
    "a map tip that does not parse": text("sites.qml", "% coalesce(", "% coalesce((("),
    "a label's priority that does not parse": text("sites.qml", '0.06 * coalesce(', '0.06 * coalesce(('),
    "a symbol's size that does not parse": text("incidents.qml", "sqrt(", "sqrt(("),
    "an alias lost": text("incidents.qml", 'name="Severity"', 'name=""'),
    "a class that is switched off": text("links.qml", 'render="true"', 'render="false"'),
    "a map tip that escapes nothing in the project": project("replace(", "concat("),
    "a layer's file gone": lambda folder: (folder / "borders.geojson").rename(folder / "elsewhere.json"),
    "an absolute path": project("./sites.geojson", "/nowhere/sites.geojson"),
    "a project without time": project('startField="date"', 'startField=""'),
    "a layout lost": project("<Layout ", "<Lost "),
    "a value changed in the GeoPackage": sql("DROP TRIGGER rtree_sites_geom_update3", "DROP TRIGGER rtree_sites_geom_update4",
                                             "UPDATE sites SET security_score = security_score + 0.1 WHERE fid = 2"),
    "a node of the index broken": sql("UPDATE rtree_rings_geom_node SET data = zeroblob(1228) WHERE nodeno = 2"),
    "no default style in the GeoPackage": sql("DELETE FROM layer_styles WHERE f_table_name = 'sites'"),
    "a FlatGeobuf cut short": cut,
    "another value in the GeoJSON": other_value,
    "a band of the surface changed in the GeoPackage": sql("DROP TRIGGER rtree_contours_geom_update3", "DROP TRIGGER rtree_contours_geom_update4",
                                                           "UPDATE contours SET area_km2 = area_km2 + 1 WHERE fid = 1"),
    "a band of the surface without a class": text("contours.qml", 'value="medium"', 'value="middle"'),
    "a surface whose reference system is not known": project("<srsid>3452</srsid>", "<srsid></srsid>"),
    "a band of another color on the surface": project('value="39.95" label="Low (20 to under 40)" color="#fdcc8a"', 'value="39.95" label="Low (20 to under 40)" color="#5ec962"'),
    "another edge of a band": text("contours.geojson", '"score_to":40.0', '"score_to":39.0'),
}

SERIES = "sites_over_time"
SERIES_FAULTS = {
    "a step that begins a day early": project("-31T00:00:00Z</start>", "-30T00:00:00Z</start>", f"{SERIES}.qgz"),
    "sites that end as they begin": project("(&quot;until&quot;)", "(&quot;as_of&quot;)", f"{SERIES}.qgz"),
    "the day of the next step within the span": project('limitMode="0"', 'limitMode="1"', f"{SERIES}.qgz"),
    "a time slider that is off": project(">1</NavigationMode>", ">0</NavigationMode>", f"{SERIES}.qgz"),
    "a value changed in the series' GeoPackage": sql(f"DROP TRIGGER rtree_{SERIES}_geom_update3", f"DROP TRIGGER rtree_{SERIES}_geom_update4",
                                                     f"UPDATE {SERIES} SET security_change = 0.5 WHERE fid = 12", name=f"{SERIES}.gpkg"),
}


def check(folder, pictures):
    command = ["/usr/bin/python3", str(CHECK), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**__import__("os").environ, "PICTURES": str(pictures)})


def main(run, series):
    with tempfile.TemporaryDirectory() as work:
        pictures = Path(work) / "pictures"
        for folder in (run, series):
            done = check(folder, pictures)
            if done.returncode != 0:
                print(done.stdout, done.stderr)
                sys.exit("the folder is found fault with as it is")
        unseen = []
        faults = [(run, *fault) for fault in FAULTS.items()] + [(series, *fault) for fault in SERIES_FAULTS.items()]
        for folder, name, plant in faults:
            copy = Path(work) / "copy"
            shutil.copytree(folder, copy)
            plant(copy)
            done = check(copy, pictures)
            found = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
            seen = done.returncode != 0
            print(f"  {'found' if seen else 'UNSEEN'}: {name}: {found[0][-150:] if found else 'ended with ' + str(done.returncode)}")
            if not seen:
                unseen.append(name)
            shutil.rmtree(copy)
    print(f"{len(faults) - len(unseen)} of {len(faults)} planted faults found")
    sys.exit(1 if unseen else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
