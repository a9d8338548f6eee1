"""Lists what lies near a place."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)

from .. import layers_out, styles
from ..options import Choice, Number, Place, Text
from ..parameters import INPUTS, KINDS
from .base import Tool


class Near(Tool):
    """`tamarisk near`"""

    NAME = "near"
    TITLE = "What is near"
    HELP = (
        "<p>Lists the sites, incidents and receptors near a site or a position, nearest first, as points where each is "
        "nearest, with distances on the ellipsoid and bearings.</p>"
        "<p>Give a site by its id or name, or a position on the map. Without a distance or a number, the ten nearest are "
        "listed.</p>"
    )
    OPTIONS = (
        Text("SITE", "Site, by id or name", "--site="),
        Place("POINT", "Position, instead of a site", "--at="),
        Number("WITHIN", "Within km", "--within=", unit="km"),
        Number("MOST", "Most results", "--most=", whole=True, least=1),
        Choice(
            "KINDS",
            "Kinds to list",
            "--kind=",
            choices=["site", "camp", "road", "port", "incident", *KINDS],
            several=True,
        ),
        *INPUTS,
    )
    OUTPUTS = (
        lambda: QgsProcessingParameterFeatureSink("OUTPUT", "What is near", QgsProcessing.SourceType.TypeVectorPoint),
        lambda: QgsProcessingOutputNumber("N_NEAR", "Number of results"),
    )

    def answer(self, ask, words):
        if ask.given("SITE") == ask.given("POINT"):
            raise QgsProcessingException("Give either a site or a position.")
        ran = self.perform(ask, "near", [*words, "--geojson"])
        if ran is None:
            return {}
        destination, count = layers_out.pour(ran.text(), ask, "OUTPUT", QgsWkbTypes.Type.Point)
        layers_out.dress(destination, ask.context, styles.by_kind)
        return {"OUTPUT": destination, "N_NEAR": count}
