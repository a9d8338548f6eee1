"""Scores routes step by step."""

from qgis.core import QgsProcessing, QgsProcessingParameterFeatureSink, QgsWkbTypes

from .. import layers_out, styles
from ..options import LINES, Layer, Number
from ..parameters import BBOX, INPUTS, RULES
from .base import Tool

RULES_OF_ROUTES = [rule for rule in RULES if rule.name != "CALIBRATION"]


class Corridor(Tool):
    """`tamarisk corridor`"""

    NAME = "corridor"
    TITLE = "Risk along routes"
    HELP = (
        "<p>Cuts routes into steps of a kilometer and scores each, so that the map shows where along a route the risk lies.</p>"
        "<p>The table has, for each route, its length, the mean score along it, the exposure (score times kilometers), its worst "
        "stretch, the kilometers in each band, and the incidents and deaths near it. Of routes between the same ends, the log "
        "names the one of least exposure.</p>"
    )
    OPTIONS = (
        Layer("ROUTES", "Routes", "", optional=False, type=LINES),
        Number("STEP", "Length of a step in km", "--step=", unit="km"),
        Number("WITHIN", "Count incidents within km of the route", "--within=", unit="km"),
        *INPUTS,
        *RULES_OF_ROUTES,
        BBOX,
    )
    OUTPUTS = (
        lambda: QgsProcessingParameterFeatureSink("STEPS", "Steps with scores", QgsProcessing.SourceType.TypeVectorLine),
        lambda: QgsProcessingParameterFeatureSink("SUMMARY", "Routes compared", QgsProcessing.SourceType.TypeVector, None, True),
    )

    def answer(self, ask, words):
        outputs = {}
        steps = self.perform(ask, "corridor", [*words, "--geojson"])
        if steps is None:
            return {}
        outputs["STEPS"], _ = layers_out.pour(steps.text(), ask, "STEPS", QgsWkbTypes.Type.MultiLineString)
        layers_out.dress(outputs["STEPS"], ask.context, styles.by_band("security_band"))
        if ask.given("SUMMARY"):
            ran = self.perform(ask, "corridor", [*words, "--json"])
            if ran is None:
                return {}
            answered = ran.json()
            rows = layers_out.collection((None, row(route)) for route in answered["routes"])
            outputs["SUMMARY"], _ = layers_out.pour(rows, ask, "SUMMARY", QgsWkbTypes.Type.NoGeometry)
            for comparison in answered["comparisons"]:
                ask.feedback.pushInfo(f"Of the routes between the same ends, {comparison['best']} has the least exposure")
        return outputs


def row(route):
    """A route as a row: what is nested gets names of its own."""
    worst = route.pop("worst", None) or {}
    bands = route.pop("bands_km", None) or {}
    named = {f"worst_{key}": value for key, value in worst.items()}
    return {**route, **named, **{f"{band.replace(' ', '_')}_km": km for band, km in bands.items()}}
