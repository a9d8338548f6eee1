"""Scores mine sites and loads the layers of the map."""

import json
from pathlib import Path

from qgis.core import (
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterFolderDestination,
    QgsVectorLayer,
)

from .. import layers_out
from ..options import Choice, Fields, Switch
from ..parameters import BBOX, INPUTS_OF_SITES, RULES, UNCERTAINTY
from .base import Tool

# What can be written, and the files that it becomes: shapes of different types stand in files of their own.
LAYERS = {
    "sites": ["sites"],
    "footprints": ["footprints", "footprint_lines"],
    "links": ["links"],
    "rings": ["rings"],
    "incidents": ["incidents"],
    "receptors": ["receptors", "receptor_lines", "receptor_areas"],
}
USUAL = ["sites", "footprints", "links", "incidents"]
FILES = [name for names in LAYERS.values() for name in names]

HIGH = ("high", "very high")


def destination():
    return QgsProcessingParameterFolderDestination("FOLDER", "Folder of the results")


def numbers():
    return [
        lambda: QgsProcessingOutputNumber("N_SITES", "Number of sites"),
        lambda: QgsProcessingOutputNumber("N_HIGH", "Number of sites of high or very high security risk"),
        lambda: QgsProcessingOutputNumber("N_NO_DATA", "Number of sites without a security score"),
        lambda: QgsProcessingOutputNumber("N_SET_ASIDE", "Number of records set aside"),
    ]


def out(name):
    """The output of a layer; inputs have names like those of layers."""
    return f"{name.upper()}_OUT"


def layer_output(name):
    return lambda: QgsProcessingOutputVectorLayer(out(name), name.replace("_", " ").capitalize())


class Score(Tool):
    """`tamarisk score`"""

    NAME = "score"
    TITLE = "Score mine sites"
    GROUP = "maps"
    HELP = (
        "<p>Scores mine sites from 0 to 100 for security and environmental risk, by the incidents reported around them and by "
        "the rivers, towns, protected areas and dams near them, and loads the layers of the map with their styles.</p>"
        "<p>Only the sites are needed. Without incidents there is no security score; without receptors, no environment score. "
        "Layers may be in any reference system, and of each only the selected features are used if you tick the box.</p>"
        "<p>The attribute <i>explanation</i> of a site says in a sentence what its scores come from; <i>links</i> draws it; the "
        "report has it all on one page. <i>rejects.csv</i> in the folder lists every record that was set aside, with the "
        "reason.</p>"
        "<p>Scores describe reported past events and mapped places. They are no forecast.</p>"
    )
    OPTIONS = (
        *INPUTS_OF_SITES,
        *RULES,
        BBOX,
        UNCERTAINTY,
        # QGIS 3.22 does not show a default of several words.
        Choice(
            "LAYERS",
            "Layers to write and load; by default all but rings and receptors",
            choices=list(LAYERS),
            several=True,
        ),
        Fields("GROUP_BY", "Group the sites by attributes, in portfolio.csv and the report", "--group-by=", of="SITES"),
        Switch("REPORT", "Write the report, a page of HTML", "--report", default=True),
        Switch("GPKG", "Also write all layers with their styles into one GeoPackage", "--gpkg", advanced=True),
        Choice("FORMAT", "Format of the layers", "--format=", choices=["geojson", "fgb"], default="geojson", advanced=True),
        Switch("REPLACE", "Overwrite files in the folder that this program did not write", "--replace", advanced=True),
    )
    OUTPUTS = (
        destination,
        lambda: QgsProcessingOutputHtml("REPORT_HTML", "Report"),
        *map(layer_output, FILES),
        *numbers(),
    )

    def answer(self, ask, words):
        folder = Path(ask.output("FOLDER"))
        chosen = ask.words("LAYERS") or USUAL
        # The styles come with the project.
        ran = self.perform(ask, "score", [*words, f"--layers={','.join(chosen)}", "--project", f"--output={folder}"])
        if ran is None:
            return {}
        for line in ran.text().splitlines():
            ask.feedback.pushConsoleInfo(line)
        return results(ask, folder, chosen, (ask.words("FORMAT") or ["geojson"])[0])


def results(ask, folder, chosen, ending):
    """The outputs of a folder of results; has QGIS load its layers, the sites on top."""
    outputs = {"FOLDER": str(folder)}
    report = folder / "report.html"
    if report.exists():
        outputs["REPORT_HTML"] = str(report)
    for name in [name for layer in chosen for name in LAYERS[layer]]:
        path = folder / f"{name}.{ending}"
        if path.exists():
            outputs[out(name)] = str(path)
            if QgsVectorLayer(str(path), name, "ogr").featureCount() > 0:
                layers_out.load_styled(path, out(name), ask.context)
    return {**outputs, **counts(folder, outputs.get(out("sites")))}


def counts(folder, sites):
    """The numbers of a folder of results."""
    receipt = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    found = {"N_SET_ASIDE": sum(counted["set_aside"] for counted in receipt["inputs"])}
    if sites:
        layer = QgsVectorLayer(sites, "sites", "ogr")
        bands = [feature["security_band"] for feature in layer.getFeatures()]
        found["N_SITES"] = len(bands)
        found["N_HIGH"] = sum(band in HIGH for band in bands)
        found["N_NO_DATA"] = bands.count("no data")
    return found
