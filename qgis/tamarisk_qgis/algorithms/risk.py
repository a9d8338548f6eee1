"""Scores any places: points of a layer, or one position."""

from pathlib import Path

from qgis.core import QgsProcessingException, QgsProcessingOutputVectorLayer

from .. import layers_in
from ..options import POINTS, Layer, Place
from ..parameters import INPUTS, RULES, UNCERTAINTY
from .base import Tool
from .score import destination, numbers, out, results

OTHERS = [option for option in INPUTS if option.name != "SITES"]


class Risk(Tool):
    """`tamarisk score` of points that are no mines; a position alone has the scores of `tamarisk risk`"""

    NAME = "risk"
    TITLE = "Risk at points"
    HELP = (
        "<p>Scores any places, as mine sites are scored: the points of a layer, or one position on the map. Each point gets its "
        "security and environment scores, what drives them, and a sentence that explains them.</p>"
        "<p>Points need no attributes. If they have a name, a country or a position accuracy in kilometers, these are used.</p>"
    )
    OPTIONS = (
        Layer("POINTS", "Points", "--sites=", type=POINTS),
        Place("POINT", "One position, instead of points"),
        *OTHERS,
        *RULES,
        UNCERTAINTY,
    )
    OUTPUTS = (destination, lambda: QgsProcessingOutputVectorLayer(out("sites"), "Points with scores"), *numbers())

    def answer(self, ask, words):
        if ask.given("POINTS") == ask.given("POINT"):
            raise QgsProcessingException("Give either a layer of points or one position.")
        if ask.given("POINT"):
            words = [f"--sites={layers_in.write_point(ask.point('POINT'), ask.folder)}", *words]
        folder = Path(ask.output("FOLDER"))
        ran = self.perform(ask, "score", [*words, "--layers=sites", "--project", f"--output={folder}"])
        return {} if ran is None else results(ask, folder, ["sites"], "geojson")
