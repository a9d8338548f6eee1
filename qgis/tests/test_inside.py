"""The tools within QGIS's own Python: selections, styles, settings, canceling, the environment of the program."""

import json
import os
import signal
import sys
import time
import unittest
from pathlib import Path

import harness
from harness import DATA, HOME, layers

harness.install()

import processing  # noqa: E402
from processing.core.Processing import Processing  # noqa: E402
from processing.core.ProcessingConfig import ProcessingConfig  # noqa: E402
from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402

QGIS = None
PLUGIN = None


def setUpModule():
    global QGIS, PLUGIN
    QGIS = QgsApplication([], False, str(harness.PROFILE))
    QGIS.initQgis()
    Processing.initialize()
    import tamarisk_qgis

    PLUGIN = tamarisk_qgis.classFactory(None)
    PLUGIN.initProcessing()


def tearDownModule():
    PLUGIN.unload()
    QGIS.exitQgis()


def set_program(path):
    ProcessingConfig.setSettingValue("TAMARISK_PROGRAM", str(path))


class Listening(QgsProcessingFeedback):
    """Keeps what a run says."""

    def __init__(self):
        super().__init__(False)
        self.errors, self.infos, self.commands, self.stages = [], [], [], []

    def reportError(self, error, fatalError=False):
        self.errors.append(error)

    def pushInfo(self, info):
        self.infos.append(info)

    def pushCommandInfo(self, info):
        self.commands.append(info)

    def setProgressText(self, text):
        self.stages.append(text)


class Canceling(Listening):
    """Cancels a run when it comes to a stage."""

    def __init__(self, stage):
        super().__init__()
        self.stage = stage
        self.canceled_at = None

    def setProgressText(self, text):
        super().setProgressText(text)
        if text == self.stage:
            self.canceled_at = time.monotonic()
            self.cancel()


def algorithm(name):
    return QgsApplication.processingRegistry().createAlgorithmById(f"tamarisk:{name}")


def run(name, feedback=None, **parameters):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    given = {key: str(value) if isinstance(value, Path) else value for key, value in parameters.items()}
    return processing.run(algorithm(name), given, feedback=feedback or Listening(), context=context)


class Case(unittest.TestCase):
    def setUp(self):
        set_program(harness.placed())
        QgsProject.instance().clear()

    def folder(self):
        return HOME / self.id().rpartition(".")[2]


class Registered(Case):
    def test_the_plugin_does_not_hide_the_python_package(self):
        self.assertNotIn("tamarisk", sys.modules)
        self.assertNotIn("tamarisk", {path.name for path in harness.PLUGINS.iterdir()})

    def test_the_setting_is_a_path_that_is_typed(self):
        setting = ProcessingConfig.settings["TAMARISK_PROGRAM"]
        self.assertEqual((setting.group, setting.valuetype), ("Tamarisk", setting.STRING))

    def test_can_execute_says_what_is_missing(self):
        self.assertEqual(algorithm("score").canExecute(), (True, ""))
        for path, why in (
            ("/no/such/program", "cannot be started"),
            (DATA / "sites.csv", "cannot be started"),
            ("true", "no Tamarisk"),
        ):
            set_program(path)
            can, said = algorithm("score").canExecute()
            self.assertFalse(can)
            self.assertIn(why, said)
            self.assertIn("pip install tamarisk", said)
        # What is set is not replaced by what is found elsewhere.
        set_program("/no/such/program")
        with self.assertRaisesRegex(QgsProcessingException, "/no/such/program, cannot be used"):
            run("check", LAYER=DATA / "sites.csv", FINDINGS="memory:")
        # A path may be that of the folder, and may have been pasted with quotes.
        for path in (harness.placed().parent, f' "{harness.placed()}" '):
            set_program(path)
            self.assertEqual(algorithm("score").canExecute(), (True, ""), path)

    def test_every_option_is_one_of_the_command(self):
        for tool in QgsApplication.processingRegistry().providerById("tamarisk").algorithms():
            # Some ask another command for a position.
            commands = {"risk": ["score"], "explain": ["explain", "risk"]}.get(tool.name(), [tool.name()])
            known = "".join(harness.cli(command, "--help") for command in commands)
            for option in tool.OPTIONS:
                flag = (option.flag or "").partition("=")[0]
                self.assertIn(f"{flag} " if flag else "", known.replace("\n", " "), (tool.name(), option.name))

    def test_every_icon_is_drawn(self):
        for tool in QgsApplication.processingRegistry().providerById("tamarisk").algorithms():
            self.assertFalse(tool.icon().pixmap(32, 32).isNull(), tool.name())


class LayersIn(Case):
    def moved(self):
        """The sites in meters, with attributes whose names and values are odd."""
        crs = QgsCoordinateReferenceSystem("EPSG:32642")
        source = QgsVectorLayer(str(layers()["SITES"]), "sites", "ogr")
        layer = QgsVectorLayer(
            "Point?crs=EPSG:32642&field=id:string&field=name:string&field=کان=کن,name:string", "odd: layer/ü", "memory"
        )
        to = QgsCoordinateTransform(source.crs(), crs, QgsProject.instance())
        made = []
        for feature in source.getFeatures():
            geometry = feature.geometry()
            geometry.transform(to)
            new = type(feature)(layer.fields())
            new.setGeometry(geometry)
            new.setAttributes([feature["id"], feature["name"], 'say "hi",\n=1'])
            made.append(new)
        layer.dataProvider().addFeatures(made)
        QgsProject.instance().addMapLayer(layer)
        return layer

    def test_selected_features_alone_are_read_and_their_attributes_kept(self):
        layer = self.moved()
        layer.selectByExpression("name in ('Reko Diq', 'Saindak')")
        chosen = QgsProcessingFeatureSourceDefinition(layer.id(), True)
        result = run("score", SITES=chosen, INCIDENTS=layers()["INCIDENTS"], LAYERS=["sites"], FOLDER=self.folder())
        self.assertEqual(result["N_SITES"], 2)
        found = harness.features(result["SITES_OUT"])
        self.assertEqual({site["site_name"] for site in found.values()}, {"Reko Diq", "Saindak"})
        self.assertEqual({site["site_کان=کن,name"] for site in found.values()}, {'say "hi",\n=1'})
        with open(result["SITES_OUT"], encoding="utf-8") as file:
            at = {one["id"]: one["geometry"]["coordinates"] for one in json.load(file)["features"]}
        self.assertEqual(at["PK-S001"], [62.05, 29.12])
        self.assertEqual(run("score", SITES=layer, LAYERS=["sites"], FOLDER=self.folder())["N_SITES"], 45)

    def test_what_a_dialog_gives_for_empty_fields_means_nothing(self):
        empty = {"AS_OF": None, "BBOX": None, "CALIBRATION": "", "COLUMNS": [""], "COMPLETE": [], "COVERAGE": "", "EXTRA": ""}
        empty.update({"DATE_FORMAT": "", "GROUP_BY": [], "LAYERS": [], "MORE_INCIDENTS": None, "RASTER_FLOOD": None})
        empty.update({"RECEPTORS": None, "SCHEME_FILE": "", "SINCE": None, "STALE": None, "UNCERTAINTY": None, "WHERE": ""})
        result = run("score", FOLDER=self.folder(), **layers(**empty))
        harness.cli("score", *harness.FILES, "-q", "-o", f"{self.folder()} cli")
        due = harness.features(f"{self.folder()} cli/sites.geojson")
        self.assertEqual(harness.features(result["SITES_OUT"]), due)
        self.assertFalse((self.folder() / "rings.geojson").exists())

    def test_a_column_map_names_odd_attributes(self):
        layer = self.moved()
        result = run("score", SITES=layer, COLUMNS=["sites.name", "کان=کن,name"], LAYERS=["sites"], FOLDER=self.folder())
        found = harness.features(result["SITES_OUT"])
        self.assertEqual(found["PK-S001"]["name"].replace("\n", " "), 'say "hi", =1')

    def test_a_table_without_geometry_is_read(self):
        table = QgsVectorLayer(f"file://{DATA / 'incidents.csv'}?delimiter=,&detectTypes=yes", "table", "delimitedtext")
        self.assertFalse(table.isSpatial())
        QgsProject.instance().addMapLayer(table)
        result = run("check", LAYER=table, ROLE="incidents", FINDINGS="memory:")
        due = json.loads(harness.cli("check", DATA / "incidents.csv", "--json"))[0]
        self.assertEqual((result["N_READ"], result["N_KEPT"]), (due["read"], due["kept"]))


class LayersOut(Case):
    BANDS = {"very high", "high", "medium", "low", "very low"}

    def loaded(self, name, **parameters):
        """The layers that a run loads into the project, by their names."""
        given = {key: str(value) if isinstance(value, Path) else value for key, value in parameters.items()}
        processing.runAndLoadResults(algorithm(name), given, feedback=Listening())
        return {layer.name(): layer for layer in QgsProject.instance().mapLayers().values()}

    def test_layers_of_a_map_have_the_styles_and_titles_of_the_program(self):
        loaded = self.loaded("score", FOLDER=self.folder(), **layers())
        sites = loaded["Security risk of sites"]
        self.assertEqual(sites.featureCount(), 45)
        self.assertEqual(sites.renderer().classAttribute(), "security_band")
        # The legend tells what the dot in some markers means.
        self.assertEqual({one.value() for one in sites.renderer().categories()}, self.BANDS | {"no data", "security_record_gap"})
        self.assertIn("Incidents", loaded)
        self.assertIn("Main drivers", loaded)
        # No empty layer is loaded.
        self.assertTrue(all(layer.featureCount() > 0 for layer in loaded.values()))
        self.draw("scored", loaded)

    def test_bands_have_the_colors_of_the_program(self):
        from tamarisk_qgis import styles

        harness.cli("score", "--demo", "--surface", "--project", "--layers=sites", "-q", "-o", self.folder())
        drawn = []
        for dress in (styles.by_band("band"), lambda layer: layer.loadNamedStyle(str(self.folder() / "contours.qml"))):
            layer = QgsVectorLayer("Polygon?field=band:string", "bands", "memory")
            dress(layer)
            drawn.append({one.value(): one.symbol().color().name() for one in layer.renderer().categories()})
        drawn[0].pop("no data")
        self.assertEqual(drawn[0], drawn[1])

    def test_a_surface_is_drawn_in_its_bands(self):
        loaded = self.loaded(
            "surface",
            INCIDENTS=layers()["INCIDENTS"],
            CELL=20,
            SURFACE=self.folder().with_suffix(".tif"),
            CONTOURS="memory:",
        )
        (raster,) = [layer for layer in loaded.values() if isinstance(layer, QgsRasterLayer)]
        function = raster.renderer().shader().rasterShaderFunction()
        self.assertEqual(raster.renderer().type(), "singlebandpseudocolor")
        labels = [item.label for item in function.colorRampItemList()]
        self.assertEqual(labels[:2], ["Very low (0 to 20)", "Low (20 to 40)"])
        for score, label in ((19.99, "Very low"), (20.0, "Low"), (59.9, "Medium"), (60.0, "High")):
            item = next(item for item in function.colorRampItemList() if score <= item.value)
            self.assertTrue(item.label.startswith(label), (score, item.label))
        (bands,) = [layer for layer in loaded.values() if isinstance(layer, QgsVectorLayer)]
        self.assertEqual(bands.renderer().classAttribute(), "band")
        self.draw("surface", {"raster": raster})

    def test_steps_candidates_and_what_is_near_are_drawn_by_band_and_kind(self):
        routes = {"ROUTES": DATA / "coast.geojson", "STEP": 25, "STEPS": "memory:", "SUMMARY": "memory:"}
        steps = self.loaded("corridor", **routes, **layers())["Steps with scores"]
        self.assertEqual(steps.renderer().classAttribute(), "security_band")
        ranked = self.loaded("rank", CANDIDATES=DATA / "linked_assets.geojson", OUTPUT="memory:", **layers())["Ranked"]
        self.assertEqual(ranked.renderer().classAttribute(), "band")
        near = self.loaded("near", SITE="Reko Diq", MOST=50, OUTPUT="memory:", **layers())["What is near"]
        self.assertEqual(near.renderer().classAttribute(), "kind")
        self.assertEqual(near.featureCount(), 50)
        self.draw("steps", {"steps": steps})
        self.draw("near", {"near": near})

    def draw(self, name, loaded):
        """Draws layers into a picture, to be looked at, which must show more than its background."""
        settings = QgsMapSettings()
        order = sorted(loaded.values(), key=lambda layer: (isinstance(layer, QgsRasterLayer), "sites" not in layer.name()))
        settings.setLayers(order)
        settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
        extent = QgsRectangle(order[0].extent())
        extent.grow(0.5)
        settings.setExtent(extent)
        settings.setOutputSize(QSize(1000, 700))
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        picture = job.renderedImage()
        folder = harness.ROOT / "out" / "qgis-plugin"
        folder.mkdir(parents=True, exist_ok=True)
        self.assertTrue(picture.save(str(folder / f"{name}.png")))
        seen = {picture.pixel(x, y) for x in range(0, 1000, 5) for y in range(0, 700, 5)}
        self.assertGreater(len(seen), 3, name)


class Runs(Case):
    def test_notes_stages_and_the_command_are_shown(self):
        feedback = Listening()
        run("score", feedback, FOLDER=self.folder(), **layers())
        self.assertTrue(any("score" in line and "--sites=" in line for line in feedback.commands), feedback.commands)
        self.assertTrue({"Reading", "Scoring", "Writing"} <= set(feedback.stages), feedback.stages)
        self.assertTrue(any(line.startswith("noted: ") for line in feedback.infos), feedback.infos)
        self.assertEqual(feedback.errors, [])

    def test_findings_and_limits_are_told_and_are_no_failure(self):
        feedback = Listening()
        result = run("score", feedback, FOLDER=self.folder(), EXTRA="--fail-on very-low", **layers())
        self.assertEqual(result["N_SITES"], 45)
        self.assertTrue(any("--fail-on very-low" in line for line in feedback.errors), feedback.errors)

    def test_an_exit_code_of_failure_is_an_exception_with_its_hint(self):
        error = '{"error":{"code":"x","message":"it is broken","hint":"mend it","remedies":[]}}'
        for code in (2, 3, 4):
            stub = harness.program(
                f"code {code}", f"[ $1 = --version ] && echo tamarisk 9.0.0 && exit\necho '{error}' >&2; exit {code}"
            )
            set_program(stub)
            with self.assertRaises(QgsProcessingException) as raised:
                run("check", LAYER=DATA / "sites.csv", FINDINGS="memory:")
            self.assertEqual(str(raised.exception), "it is broken\nHint: mend it")

    def test_an_interruption_from_elsewhere_and_a_crash_are_failures(self):
        for end, why in (
            ("exit 130", "interrupted"),
            ("kill -9 $$", "exit code -9"),
            ("echo 'No module named tamarisk' >&2; exit 1", "No module"),
        ):
            set_program(harness.program(f"end {why}", f"[ $1 = --version ] && echo tamarisk 9.0.0 && exit\n{end}"))
            with self.assertRaisesRegex(QgsProcessingException, why):
                run("check", LAYER=DATA / "sites.csv", FINDINGS="memory:")

    def test_the_program_runs_in_a_clean_environment(self):
        kept = HOME / "environment"
        set_in_qgis = {"PROJ_DATA": "/usr/share/proj", "PROJ_LIB": "/usr/share/proj", "PYTHONPATH": "/somewhere"}
        os.environ.update(set_in_qgis)
        stub = harness.program("environment stub", f"env > '{kept}'\n[ $1 = --version ] && echo tamarisk 9.0.0 && exit\nexit 4")
        set_program(stub)
        with self.assertRaises(QgsProcessingException):
            run("check", LAYER=DATA / "sites.csv", FINDINGS="memory:")
        for name in set_in_qgis:
            del os.environ[name]
        names = {line.partition("=")[0] for line in kept.read_text(encoding="utf-8").splitlines()}
        self.assertFalse(names & {"PROJ_DATA", "PROJ_LIB", "PYTHONHOME", "PYTHONPATH"}, names)
        self.assertIn("PATH", names)

    def canceled(self, feedback, name, **parameters):
        """Runs a tool that is canceled, and says what came of it and how long it took to stop."""
        given = {key: str(value) if isinstance(value, Path) else value for key, value in parameters.items()}
        result, fine = algorithm(name).run(given, QgsProcessingContext(), feedback)
        self.assertTrue(fine)
        return result, time.monotonic() - feedback.canceled_at

    def test_a_canceled_run_stops_and_leaves_nothing(self):
        # Much work: scoring takes far longer than stopping may.
        many = HOME / "many.csv"
        with open(many, "w", encoding="utf-8") as file:
            file.write("id,lon,lat\n")
            file.writelines(f"m{i},{61 + i % 1399 / 140:.4f},{25 + i % 1709 / 150:.4f}\n" for i in range(1_000_000))
        feedback = Canceling("Scoring")
        result, took = self.canceled(feedback, "score", FOLDER=self.folder(), EXTRA=f"--sites='{many}'", **layers())
        self.assertEqual(set(result) - {"FOLDER"}, set())
        self.assertLess(took, 4, "it was asked to stop, not killed")
        self.assertIn("Stopping Tamarisk", feedback.infos)
        left = list(self.folder().iterdir()) if self.folder().exists() else []
        self.assertEqual([path.name for path in left if not path.name.startswith(".tamarisk")], [])

    def test_a_run_canceled_while_layers_are_written_does_not_start(self):
        feedback = Canceling("Writing incidents for Tamarisk")
        self.canceled(feedback, "score", FOLDER=self.folder(), **layers())
        self.assertEqual(feedback.commands, [])

    def test_a_program_that_does_not_stop_is_killed(self):
        mark = HOME / "pid"
        stub = harness.program(
            "stubborn",
            f"[ $1 = --version ] && echo tamarisk 9.0.0 && exit\ntrap '' INT TERM\necho $$ > '{mark}'\n"
            'echo \'{"stage":"sleeping","done":0,"total":null}\' >&2\nwhile :; do sleep 0.2; done',
        )
        set_program(stub)
        feedback = Canceling("Sleeping")
        _, took = self.canceled(feedback, "check", LAYER=DATA / "sites.csv", FINDINGS="memory:")
        self.assertTrue(4.5 < took < 8, took)
        with self.assertRaises(ProcessLookupError):
            os.kill(int(mark.read_text()), signal.SIGCONT)
