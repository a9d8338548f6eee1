"""Styles of layers that come from answers. Layers of a map have styles that the program writes beside them."""

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsColorRampShader,
    QgsLineSymbol,
    QgsRasterShader,
    QgsRendererCategory,
    QgsSimpleLineSymbolLayer,
    QgsSingleBandPseudoColorRenderer,
    QgsSymbol,
)
from qgis.PyQt.QtGui import QColor

# The bands of a score, worst first, in the colors of the program's own styles.
BANDS = {
    "very high": "#b30000",
    "high": "#e34a33",
    "medium": "#fc8d59",
    "low": "#fdcc8a",
    "very low": "#fef0d9",
    "no data": "#c8c8c8",
}

KINDS = {"incident": "#b30000", "site": "#1f1f1f", "": "#4a7a8c"}

EDGE = QColor("#787878")
WIDTH_MM = 1.2


def categorized(column, colors):
    """What dresses a vector layer by the words of a column."""

    def dress(layer):
        categories = []
        for word, color in colors.items():
            symbol = QgsSymbol.defaultSymbol(layer.geometryType())
            symbol.setColor(QColor(color))
            part = symbol.symbolLayer(0)
            if hasattr(part, "setStrokeColor"):
                part.setStrokeColor(EDGE)
            if isinstance(symbol, QgsLineSymbol):
                symbol.setWidth(WIDTH_MM)
                # Pale bands stand out from any map below.
                symbol.insertSymbolLayer(0, QgsSimpleLineSymbolLayer(EDGE, WIDTH_MM + 0.4))
            label = word.capitalize() or "Receptor"
            categories.append(QgsRendererCategory(word, symbol, label))
        layer.setRenderer(QgsCategorizedSymbolRenderer(column, categories))
        layer.triggerRepaint()

    return dress


def by_band(column):
    """What dresses a vector layer by the bands of a column."""
    return categorized(column, BANDS)


def by_kind(layer):
    """Dresses what lies near a place; receptors of all kinds look alike."""
    categorized("kind", KINDS)(layer)


def surface(bands):
    """What dresses a raster of scores; `bands` are the words, lowest and highest scores of its bands, lowest first."""

    def dress(layer):
        items = [
            # Scores on an edge belong to the upper band.
            QgsColorRampShader.ColorRampItem(
                float("inf") if high >= 100 else high - 1e-6,
                QColor(BANDS[word]),
                f"{word.capitalize()} ({low:g} to {high:g})",
            )
            for word, low, high in bands
        ]
        function = QgsColorRampShader(0, 100)
        function.setColorRampType(QgsColorRampShader.Type.Discrete)
        function.setColorRampItemList(items)
        shader = QgsRasterShader()
        shader.setRasterShaderFunction(function)
        layer.setRenderer(QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader))
        layer.triggerRepaint()

    return dress
