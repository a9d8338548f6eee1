"""The program's answers as layers of QGIS, with names and styles."""

import json
import xml.etree.ElementTree as ElementTree
from collections import deque
from pathlib import Path

from qgis.core import (
    QgsFeatureSink,
    QgsProcessingContext,
    QgsProcessingLayerPostProcessorInterface,
    QgsVectorLayer,
)

# QGIS holds no reference to Python objects that are to dress a layer once it is loaded.
_held = deque(maxlen=256)


class Dresser(QgsProcessingLayerPostProcessorInterface):
    """Gives a layer its style when QGIS has loaded it."""

    def __init__(self, dress):
        super().__init__()
        self.dress = dress
        _held.append(self)

    def postProcessLayer(self, layer, context, feedback):
        self.dress(layer)


def load(path, output, context, dress, name):
    """Has QGIS load a file when the run is over."""
    details = QgsProcessingContext.LayerDetails(name, context.project(), output)
    details.forceName = True
    details.setPostProcessor(Dresser(dress))
    context.addLayerToLoadOnCompletion(str(path), details)


def dress(destination, context, style):
    """Dresses a layer that the user wants loaded, wherever it was written."""
    if context.willLoadLayerOnCompletion(destination):
        context.layerToLoadOnCompletionDetails(destination).setPostProcessor(Dresser(style))


def load_styled(path, output, context):
    """Has QGIS load a layer of a map with the style and the title that the program wrote beside it."""
    path = Path(path)
    style = str(path.with_suffix(".qml"))
    load(path, output, context, lambda layer: layer.loadNamedStyle(style), title(path))


def title(path):
    """The title of a layer that the program wrote beside it."""
    try:
        found = ElementTree.parse(path.with_suffix(".qmd")).findtext("title")
    except (OSError, ElementTree.ParseError):
        found = None
    return found or path.stem


def collection(features):
    """GeoJSON of features, each a geometry or None and its properties."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": geometry, "properties": properties} for geometry, properties in features
            ],
        },
        ensure_ascii=False,
    )


def point(lon, lat):
    """A point of GeoJSON."""
    return {"type": "Point", "coordinates": [lon, lat]}


def pour(text, ask, output, wkb):
    """Writes features of GeoJSON into the user's sink `output`, whose type of geometry is `wkb`.

    Returns its destination and the number of features.
    """
    path = ask.folder / f"{output.lower()}.geojson"
    path.write_text(text, encoding="utf-8")
    layer = QgsVectorLayer(str(path), output, "ogr")
    sink, destination = ask.sink(output, layer.fields(), wkb)
    count = 0
    for feature in layer.getFeatures():
        if sink is not None:
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        count += 1
    return destination, count
