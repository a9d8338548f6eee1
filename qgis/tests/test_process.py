"""The tools by `qgis_process`, as someone without a window runs them."""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import harness
from harness import DATA, FILES, HOME, cli, features, layers, run

TOOLS = {"score", "surface", "near", "risk", "rank", "corridor", "explain", "check", "hindcast"}


def setUpModule():
    harness.install()
    done = harness.qgis_process("plugins", "enable", "tamarisk_qgis")
    assert done.code == 0, done.said


class Installed(unittest.TestCase):
    def test_the_zip_has_the_same_bytes_each_time_and_nothing_but_sources(self):
        with tempfile.TemporaryDirectory() as folder:
            script = harness.ROOT / "scripts" / "qgis_zip.py"
            subprocess.run([sys.executable, str(script), folder], check=True, capture_output=True)
            again = next(Path(folder).glob("*.zip"))
            self.assertEqual(again.read_bytes(), harness.ZIP.read_bytes())
        with zipfile.ZipFile(harness.ZIP) as packed:
            names = packed.namelist()
            metadata = packed.read("tamarisk_qgis/metadata.txt").decode()
        self.assertEqual({Path(name).suffix for name in names}, {".py", ".svg", ".txt", ""})
        self.assertTrue({"tamarisk_qgis/LICENSE", "tamarisk_qgis/icon.svg"} <= set(names))
        for line in (
            "qgisMinimumVersion=3.22",
            "qgisMaximumVersion=4.99",
            "supportsQt6=True",
            "hasProcessingProvider=yes",
        ):
            self.assertIn(line + "\n", metadata)
        self.assertNotIn("plugin_dependencies", metadata)

    def test_all_tools_are_listed_even_without_the_program(self):
        listed = harness.qgis_process("list")
        found = {line.split()[0] for line in listed.said.splitlines() if line.strip().startswith("tamarisk:")}
        self.assertEqual(found, {f"tamarisk:{tool}" for tool in TOOLS})

    def test_every_tool_describes_itself(self):
        for tool in TOOLS:
            told = harness.qgis_process("help", f"tamarisk:{tool}")
            self.assertEqual(told.code, 0, told.said)
            self.assertGreater(len(told.said.partition("Description")[2].partition("Arguments")[0]), 150, tool)


class WithoutTheProgram(unittest.TestCase):
    def test_a_run_says_what_is_missing_and_how_to_get_it(self):
        for tool in ("score", "check"):
            words = {"LAYER": DATA / "sites.csv", "FINDINGS": "TEMPORARY_OUTPUT"}
            words = words if tool == "check" else {"SITES": DATA / "sites.csv", "FOLDER": HOME / "none"}
            ended = run(tool, **words)
            self.assertNotEqual(ended.code, 0, ended.said)
            self.assertIn("was not found in QGIS's Python or in PATH", ended.said)
            self.assertIn("pip install tamarisk", ended.said)
            self.assertNotIn("Traceback", ended.said)

    def test_an_old_version_is_not_run(self):
        old = harness.program("old", 'echo "tamarisk 0.0.9"')
        ended = run("score", path=old.parent, SITES=DATA / "sites.csv", FOLDER=HOME / "old results")
        self.assertNotEqual(ended.code, 0, ended.said)
        self.assertIn("version 0.0.9, but 0.1.0 or later is needed", ended.said)

    def test_another_program_of_that_name_is_not_run(self):
        other = harness.program("other", "touch was-run")
        ended = run("score", path=other.parent, SITES=DATA / "sites.csv", FOLDER=HOME / "other results")
        self.assertIn("was not found", ended.said)
        self.assertIn(f"{other}: no Tamarisk", ended.said)

    def test_the_package_of_qgis_s_python_is_found_first(self):
        # A package as small as can be, which hands over to the program.
        package = HOME / "site packages" / "tamarisk"
        package.mkdir(parents=True, exist_ok=True)
        package.joinpath("__init__.py").write_text("")
        package.joinpath("__main__.py").write_text(
            f"import os, sys\nos.execv({harness.TAMARISK!r}, [{harness.TAMARISK!r}, *sys.argv[1:]])\n"
        )
        variables = {"PYTHONPATH": f"{package.parent}:{harness.PLUGINS}"}
        old = harness.program("old", 'echo "tamarisk 0.0.9"')
        ended = run("check", path=old.parent, variables=variables, LAYER=DATA / "sites.csv", FINDINGS="TEMPORARY_OUTPUT")
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("python3 -m tamarisk", ended.said)
        self.assertEqual(ended.result("N_KEPT"), "45")


class Answers(unittest.TestCase):
    """Every tool gives what the program gives."""

    @classmethod
    def setUpClass(cls):
        cls.bin = harness.placed().parent

    def tool(self, name, **parameters):
        ended = run(name, path=self.bin, **parameters)
        self.assertEqual(ended.code, 0, ended.said)
        return ended

    def scored(self, name, **parameters):
        folder = HOME / name
        ended = self.tool("score", FOLDER=folder, **layers(**parameters))
        self.assertIn(str(harness.placed()), ended.said.replace("'", ""), "the command is shown")
        return ended, features(folder / "sites.geojson")

    def test_score_gives_the_numbers_of_the_command_line(self):
        cli("score", *FILES, "-q", "-o", HOME / "cli")
        due = features(HOME / "cli" / "sites.geojson")
        ended, found = self.scored("scored äöü")
        self.assertEqual(found, due)
        high = sum(site["security_band"] in ("high", "very high") for site in due.values())
        self.assertGreater(high, 0)
        self.assertEqual((ended.result("N_HIGH"), ended.result("N_SITES")), (str(high), "45"))
        self.assertTrue(Path(ended.result("REPORT_HTML")).read_text(encoding="utf-8").lower().startswith("<!doctype html>"))
        for name in ("SITES_OUT", "INCIDENTS_OUT", "LINKS_OUT", "FOOTPRINTS_OUT"):
            self.assertTrue(Path(ended.result(name)).exists(), name)

    def test_results_go_to_a_temporary_folder_if_none_is_named(self):
        ended = self.tool("score", FOLDER="TEMPORARY_OUTPUT", SITES=DATA / "sites.csv", LAYERS="sites")
        self.assertNotIn("TEMPORARY_OUTPUT", ended.result("FOLDER"))

    def test_layers_in_another_reference_system_come_out_alike(self):
        cli("score", *FILES, "-q", "-o", HOME / "cli")
        due = features(HOME / "cli" / "sites.geojson")
        moved = {name: harness.geopackage(f"{name} 32642", DATA / f"{name}.csv", "EPSG:32642") for name in ("sites", "incidents")}
        _, found = self.scored("in meters", SITES=moved["sites"], INCIDENTS=moved["incidents"])
        self.assertEqual(found.keys(), due.keys())
        for key, site in due.items():
            for column in ("security_score", "environment_at_least", "incidents_50km", "nearest_incident_km"):
                self.assertEqual(found[key][column], site[column], (key, column))

    def test_parameters_reach_the_program(self):
        ended, found = self.scored(
            "set",
            AS_OF="2025-06-30",
            BBOX="65,69,28,31 [EPSG:4326]",
            COVERAGE="PAK",
            COMPLETE="settlements",
            SCHEME="security-only",
            UNCERTAINTY="100",
            LAYERS="sites",
            GROUP_BY="province",
            COLUMNS="sites.name,commodity",
            FORMAT="geojson",
            EXTRA="--since 2016-01-01",
        )
        words = [
            "--as-of=2025-06-30",
            "--bbox=65,28,69,31",
            "--coverage=PAK",
            "--complete=settlements",
            "--group-by=province",
        ]
        words += [
            "--scheme=security-only",
            "--uncertainty=100",
            "--layers=sites",
            "--map=sites.name=commodity",
            "--since=2016-01-01",
        ]
        cli("score", *FILES, *words, "-q", "-o", HOME / "cli set")
        self.assertEqual(found, features(HOME / "cli set" / "sites.geojson"))
        self.assertIn("security_score_p05", next(iter(found.values())))
        self.assertTrue((HOME / "set" / "portfolio.csv").exists())
        self.assertFalse((HOME / "set" / "incidents.geojson").exists())

    def test_surface(self):
        path = HOME / "surface.tif"
        inputs = {"INCIDENTS": layers()["INCIDENTS"], "EXTENT": "62,68,27,31 [EPSG:4326]", "CELL": "20"}
        self.tool("surface", SURFACE=path, CONTOURS=HOME / "bands.gpkg", **inputs)
        cli("surface", FILES[1], "--bbox=62,27,68,31", "--cell=20km", "-o", HOME / "cli.tif")
        self.assertEqual(path.read_bytes(), (HOME / "cli.tif").read_bytes())
        said = subprocess.run(["ogrinfo", "-so", "-al", str(HOME / "bands.gpkg")], capture_output=True, text=True, check=True)
        self.assertIn("score_from: Real", said.stdout)

    def as_geojson(self, path):
        out = HOME / "read.geojson"
        out.unlink(missing_ok=True)
        subprocess.run(["ogr2ogr", "-f", "GeoJSON", str(out), str(path)], check=True, capture_output=True)
        return json.loads(out.read_text(encoding="utf-8"))["features"]

    def test_near(self):
        for place, words in (
            ({"SITE": "Reko Diq"}, "--site=Reko Diq"),
            ({"POINT": "66.99,30.18 [EPSG:4326]"}, "--at=66.99,30.18"),
        ):
            path = HOME / f"near {words[2]}.gpkg"
            ended = self.tool("near", **place, WITHIN="60", KINDS="site", OUTPUT=path, **layers())
            due = json.loads(cli("near", *FILES, words, "--within=60km", "--kind=site", "--geojson"))["features"]
            self.assertGreater(len(due), 1)
            found = self.as_geojson(path)
            self.assertEqual(ended.result("N_NEAR"), str(len(due)))
            for one, other in zip(found, due):
                self.assertEqual(one["properties"]["id"], other["id"])
                self.assertEqual(one["properties"]["distance_km"], other["properties"]["distance_km"])
                self.assertEqual(one["geometry"], other["geometry"])

    def test_risk_at_points_and_at_a_position(self):
        answered = json.loads(cli("risk", "--at=66,28", *FILES[1:], "--json"))
        inputs = {name: value for name, value in layers().items() if name != "SITES"}
        for name, place in (("point", {"POINT": "66,28 [EPSG:4326]"}), ("points", {"POINTS": self.points()})):
            folder = HOME / f"risk {name}"
            ended = self.tool("risk", FOLDER=folder, **place, **inputs)
            found = list(features(ended.result("SITES_OUT")).values())
            self.assertEqual(len(found), 1 if name == "point" else 2)
            self.assertEqual(found[0]["security_score"], round(answered["security"]["score"], 1))

    def points(self):
        path = HOME / "bare points.geojson"
        shapes = [{"type": "Point", "coordinates": [lon, 28]} for lon in (66, 67)]
        bare = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": bare}))
        return path

    def test_rank(self):
        path = HOME / "ranked.gpkg"
        candidates = DATA / "linked_assets.geojson"
        ended = self.tool("rank", CANDIDATES=candidates, OUTPUT=path, **layers())
        due = json.loads(cli("rank", candidates, *FILES, "--json"))["candidates"]
        found = [feature["properties"] for feature in self.as_geojson(path)]
        self.assertEqual([one["id"] for one in found], [one["id"] for one in due])
        self.assertEqual([one["rank"] for one in found], [one["rank"] for one in due])
        for one, other in zip(found, due):
            self.assertAlmostEqual(one["security"], other["security"], 9)
            self.assertEqual(one["explanation"], other["explanation"])
        self.assertEqual(ended.result("BEST"), due[0]["id"])

    def test_corridor(self):
        steps, summary = HOME / "steps.gpkg", HOME / "summary.csv"
        self.tool("corridor", ROUTES=DATA / "coast.geojson", STEP="25", STEPS=steps, SUMMARY=summary, **layers())
        routes = json.loads(cli("corridor", DATA / "coast.geojson", *FILES, "--step=25km", "--json"))["routes"]
        due = json.loads(cli("corridor", DATA / "coast.geojson", *FILES, "--step=25km", "--geojson"))["features"]
        found = self.as_geojson(steps)
        self.assertEqual(
            [one["properties"]["security_score"] for one in found], [one["properties"]["security_score"] for one in due]
        )
        text = summary.read_text(encoding="utf-8")
        self.assertIn("worst_highest", text.splitlines()[0])
        self.assertEqual(len(text.splitlines()), 1 + len(routes))

    def test_explain(self):
        page, data = HOME / "explained.html", HOME / "explained.json"
        self.tool("explain", SITE="Reko Diq", HTML=page, JSON=data, **layers())
        due = json.loads(cli("explain", "Reko Diq", *FILES, "--json"))
        self.assertEqual(json.loads(data.read_text(encoding="utf-8"))["security"], due["security"])
        self.assertIn("Reko Diq", page.read_text(encoding="utf-8"))
        self.tool("explain", POINT="66,28 [EPSG:4326]", HTML=page, **layers())
        self.assertIn("37.3", page.read_text(encoding="utf-8"))

    def test_check_finds_faults_and_does_not_fail(self):
        path = HOME / "faulty.csv"
        path.write_text("id,name,lon,lat\na,A,66,29\nb,B,66,95\n")
        ended = self.tool("check", LAYER=path, ROLE="sites", FINDINGS=HOME / "findings.csv", HTML=HOME / "findings.html")
        self.assertEqual([ended.result(name) for name in ("N_READ", "N_KEPT", "N_SET_ASIDE")], ["2", "1", "1"])
        self.assertIn("records that cannot be used: 1 of 2", ended.said)
        self.assertIn("latitude beyond 90", (HOME / "findings.csv").read_text(encoding="utf-8"))
        self.assertIn("latitude beyond 90", (HOME / "findings.html").read_text(encoding="utf-8"))

    def test_hindcast(self):
        inputs = {name: layers()[name] for name in ("SITES", "INCIDENTS")}
        ended = self.tool("hindcast", FOLDER=HOME / "hindcast", CALIBRATE="true", TO="2024-12-31", **inputs)
        cli("hindcast", *FILES[:2], "--calibrate", "--to=2024-12-31", "-q", "-o", HOME / "cli hindcast")
        for name in ("hindcast.csv", "bands.csv", "predictions.csv"):
            self.assertEqual((HOME / "hindcast" / name).read_bytes(), (HOME / "cli hindcast" / name).read_bytes(), name)
        self.assertTrue(Path(ended.result("HTML")).exists())
        self.assertTrue(Path(ended.result("CALIBRATION")).exists())


class Failures(unittest.TestCase):
    """A run that fails is no success, and says why and what to do."""

    @classmethod
    def setUpClass(cls):
        cls.bin = harness.placed().parent

    def failed(self, **parameters):
        ended = run("score", path=self.bin, **{"FOLDER": HOME / "failed", "SITES": DATA / "sites.csv", **parameters})
        self.assertNotEqual(ended.code, 0, ended.said)
        self.assertNotIn("Traceback", ended.said)
        return ended.said

    def test_usage(self):
        self.assertIn("Pakistn", self.failed(COVERAGE="Pakistn"))
        self.assertIn("Hint: ", self.failed(COVERAGE="Pakistn"))
        self.assertIn("--nonsense", self.failed(EXTRA="--nonsense"))
        self.assertIn("go into Further options", self.failed(EXTRA="--nonsense"))

    def test_data(self):
        path = HOME / "no columns.csv"
        path.write_text("a,b\n1,2\n")
        said = self.failed(INCIDENTS=path)
        self.assertIn("no columns.csv", said)
        self.assertIn("Hint: ", said)

    def test_output(self):
        path = HOME / "a file"
        path.write_text("in the way")
        self.assertIn("a file", self.failed(FOLDER=path))
        self.assertEqual(path.read_text(), "in the way")

    def test_a_limit_that_is_passed_is_told_and_is_no_failure(self):
        ended = run(
            "score",
            path=self.bin,
            SITES=DATA / "sites.csv",
            INCIDENTS=DATA / "incidents.csv",
            FOLDER=HOME / "past",
            EXTRA="--fail-on very-low",
        )
        self.assertEqual(ended.code, 0, ended.said)
        self.assertIn("--fail-on very-low: 45 of 45 sites", ended.said)
        self.assertEqual(ended.result("N_SITES"), "45")


def tearDownModule():
    shutil.rmtree(HOME, ignore_errors=True)
