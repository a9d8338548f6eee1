"""Scores every cell of a grid."""

import json

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterRasterDestination,
    QgsWkbTypes,
)

from .. import layers_out, styles
from ..options import Box, Number
from ..parameters import AS_OF, COVERAGE, INCIDENTS_NEEDED, MORE_INCIDENTS, READING, SCHEME, SITES_OPTIONAL, STALE
from .base import Tool


class Surface(Tool):
    """`tamarisk surface`"""

    NAME = "surface"
    TITLE = "Risk surface"
    GROUP = "maps"
    HELP = (
        "<p>Scores every cell of a grid for security risk, as a site there would be scored, and loads the raster and, if wanted, "
        "its bands as polygons.</p>"
        "<p>By default the grid covers the sites, the incidents, and 100 km around them, with the smallest cells that "
        "make at most a million; if these would be wider for incidents far from all sites, it leaves them out. Incidents outside "
        "still count.</p>"
    )
    OPTIONS = (
        INCIDENTS_NEEDED,
        SITES_OPTIONAL,
        *MORE_INCIDENTS,
        *SCHEME,
        AS_OF,
        COVERAGE,
        STALE,
        Box("EXTENT", "Extent of the grid", "--bbox="),
        Number("CELL", "Cell size in km", "--cell=", unit="km"),
        *READING,
    )
    OUTPUTS = (
        lambda: QgsProcessingParameterRasterDestination("SURFACE", "Risk surface"),
        lambda: QgsProcessingParameterFeatureSink(
            "CONTOURS",
            "Bands of the surface",
            QgsProcessing.SourceType.TypeVectorPolygon,
            None,
            True,
            False,
        ),
    )

    def answer(self, ask, words):
        raster = ask.output("SURFACE")
        drawn = ask.folder / "bands.geojson"
        # QGIS asks before it overwrites.
        ran = self.perform(ask, "surface", [*words, f"--contours={drawn}", "--replace", f"--output={raster}"])
        if ran is None:
            return {}
        text = drawn.read_text(encoding="utf-8")
        found = [feature["properties"] for feature in json.loads(text)["features"]]
        bands = sorted((band["score_from"], band["score_to"], band["band"]) for band in found)
        style = styles.surface([(word, low, high) for low, high, word in bands])
        layers_out.dress(raster, ask.context, style)
        outputs = {"SURFACE": raster}
        if ask.given("CONTOURS"):
            outputs["CONTOURS"], _ = layers_out.pour(text, ask, "CONTOURS", QgsWkbTypes.Type.MultiPolygon)
            layers_out.dress(outputs["CONTOURS"], ask.context, styles.by_band("band"))
        return outputs
