"""Compares candidates for a site or a route."""

from qgis.core import QgsProcessing, QgsProcessingOutputString, QgsProcessingParameterFeatureSink, QgsWkbTypes

from .. import layers_out, styles
from ..options import Choice, Layer
from ..parameters import BBOX, INPUTS, RULES
from .base import Tool


class Rank(Tool):
    """`tamarisk rank`"""

    NAME = "rank"
    TITLE = "Rank candidates"
    HELP = (
        "<p>Compares candidate sites or routes (points, lines or polygons), lowest risk first. Each candidate gets its rank, "
        "its scores and a sentence that explains them.</p>"
        "<p>The result is a layer of points, each at the place of its candidate from which distances are measured.</p>"
    )
    OPTIONS = (
        Layer("CANDIDATES", "Candidates", "", optional=False),
        Choice("BY", "Rank by", "--by=", choices=["overall", "security", "environment"]),
        *INPUTS,
        *RULES,
        BBOX,
    )
    OUTPUTS = (
        lambda: QgsProcessingParameterFeatureSink("OUTPUT", "Ranked", QgsProcessing.SourceType.TypeVectorPoint),
        lambda: QgsProcessingOutputString("BEST", "Id of the candidate of lowest risk"),
    )

    def answer(self, ask, words):
        ran = self.perform(ask, "rank", [*words, "--json"])
        if ran is None:
            return {}
        answered = ran.json()
        ask.feedback.pushInfo(f"Ranked by {answered['by']}")
        found = answered["candidates"]
        text = layers_out.collection(map(feature, found))
        destination, _ = layers_out.pour(text, ask, "OUTPUT", QgsWkbTypes.Type.Point)
        layers_out.dress(destination, ask.context, styles.by_band("band"))
        best = next((one["id"] for one in found if one["rank"] == 1), "")
        return {"OUTPUT": destination, "BEST": best}


def feature(candidate):
    """A candidate as a feature: what was found first, then its own attributes as far as their names are free."""
    own = candidate.pop("columns", None) or {}
    geometry = layers_out.point(candidate.pop("lon"), candidate.pop("lat"))
    return geometry, {**candidate, **{key: value for key, value in own.items() if key not in candidate}}
