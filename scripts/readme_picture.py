"""Draws docs/img/demo.png, the picture at the top of the README, with QGIS offscreen.

    /usr/bin/python3 scripts/readme_picture.py [out/demo] [docs/img/demo.png]

The map shows the program's own layers (`make demo`) over the coast, borders and rivers of data/. It frames
Balochistan: elsewhere too few incidents were picked for a comparison. Wants the Debian packages qgis and
python3-qgis; `make picture` installs them.
"""

import os
import sys
import tempfile
from pathlib import Path

RUNTIME = tempfile.mkdtemp(prefix="picture-")
os.chmod(RUNTIME, 0o700)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["XDG_RUNTIME_DIR"] = RUNTIME
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = RUNTIME

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFillSymbol,
    QgsFilledMarkerSymbolLayer,
    QgsLabelObstacleSettings,
    QgsLineSymbol,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsProject,
    QgsProperty,
    QgsRectangle,
    QgsRendererCategory,
    QgsSingleSymbolRenderer,
    QgsSymbolLayer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt  # noqa: E402
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
SIZE = (1600, 1100)
CENTER = (65.75, 27.88)
METERS_PER_PIXEL = 655.0
CRS = "PROJ:+proj=lcc +lat_1=25.5 +lat_2=30.5 +lat_0=28 +lon_0=65.75 +datum=WGS84 +units=m"

SEA, LAND, PAKISTAN = "#dbe8ee", "#efece4", "#fbfaf6"
COAST, BORDER, RIVER, INK, QUIET = "#8fa8b5", "#9a948a", "#a9c8d8", "#22262a", "#6d6a64"
LINK, INCIDENT, ROAD = "#8c4a3c", "#5a4038", "#b9b1a3"

# ColorBrewer's OrRd, which keeps its order in grey; size says the same once more.
BANDS = [
    ("very high", "80 and over", "#b30000", 25),
    ("high", "60 to 80", "#e34a33", 21),
    ("medium", "40 to 60", "#fc8d59", 17.5),
    ("low", "20 to 40", "#fdcc8a", 14.5),
    ("very low", "under 20", "#fef0d9", 12),
    ("no data", "not covered", None, 14.5),
]

# Names drawn, shortened where the place is plain, and on which side of the site.
NAMES = {
    "Reko Diq": ("Reko Diq", "above"),
    "Saindak": ("Saindak", "above"),
    "Koh-i-Sultan sulphur": ("Koh-i-Sultan", "right"),
    "Chilghazi iron-copper": ("Chilghazi", "right"),
    "Dilband iron": ("Dilband", "left"),
    "Duddar": ("Duddar", "right"),
    "Gunga": ("Gunga, Ferozabad", "left"),
    "Muslim Bagh chromite": ("Muslim Bagh", "right"),
    "Khanozai chromite": ("Khanozai", "left"),
    "Degari coal": ("Degari", "left"),
    "Mach coalfield": ("Mach", "left"),
    "Harnai coal": ("Harnai", "below"),
    "Duki coalfield": ("Duki", "above"),
    "Chamalang coalfield": ("Chamalang", "right"),
    "Kingri coal": ("Kingri", "above"),
}
TOWNS = {
    "Quetta": "above left",
    "Karachi": "left",
    "Sukkur": "right",
    "Khuzdar": "right",
    "Turbat": "right",
    "Gwadar": "above",
    "Panjgur": "right",
    "Zahedan": "below",
    "Dalbandin": "below",
    "Chaman": "left",
    "Sibi": "right",
    "Dera Ghazi Khan": "below",
}
# Words on the map: text, longitude, latitude, size, color, spacing, italic.
WORDS = [
    ("AFGHANISTAN", 64.6, 30.35, 19, "#a39d92", 9, False),
    ("IRAN", 61.25, 27.15, 19, "#a39d92", 9, False),
    ("BALOCHISTAN", 65.05, 27.3, 24, "#b5ad9f", 13, False),
    ("SINDH", 69.35, 26.55, 17, "#b5ad9f", 8, False),
    ("Arabian Sea", 65.2, 25.02, 19, "#7f9fb0", 4, True),
    ("Indus", 68.33, 27.0, 14, "#7fa9bf", 2, True),
    ("Helmand", 62.9, 30.62, 14, "#7fa9bf", 2, True),
]
# Where a label stands: QGIS's quadrant, and the shift away from the middle in gaps.
SIDES = {
    "above left": (0, -0.6, -0.6),
    "above": (1, 0, -0.8),
    "above right": (2, 0.6, -0.6),
    "left": (3, -1, 0),
    "right": (5, 1, 0),
    "below left": (6, -0.6, 0.6),
    "below": (7, 0, 0.8),
    "below right": (8, 0.6, 0.6),
}
PIXELS = "Pixel"


def font(size, bold=False, italic=False, spacing=0.0):
    made = QFont("DejaVu Sans")
    made.setPixelSize(round(size))
    made.setBold(bold)
    made.setItalic(italic)
    made.setLetterSpacing(QFont.AbsoluteSpacing, spacing)
    return made


def vector(path, name):
    layer = QgsVectorLayer(str(path), name, "ogr")
    if not layer.isValid():
        sys.exit(f"{path}: QGIS cannot open it; run `make demo` first")
    return layer


def line(color, width, style="solid", alpha=255):
    tone = QColor(color)
    tone.setAlpha(alpha)
    return QgsLineSymbol.createSimple({
        "line_color": ",".join(map(str, tone.getRgb())), "line_width": str(width),
        "line_width_unit": PIXELS, "line_style": style, "capstyle": "round", "joinstyle": "round",
    })


def fill(color):
    return QgsFillSymbol.createSimple({"color": color, "outline_style": "no"})


def marker(shape, color, size, edge, edge_width):
    return QgsMarkerSymbol.createSimple({
        "name": shape, "color": color, "size": str(size), "size_unit": PIXELS,
        "outline_color": edge, "outline_width": str(edge_width), "outline_width_unit": PIXELS,
    })


def hatched(size):
    made = QgsFilledMarkerSymbolLayer.create({"name": "circle", "size": str(size), "size_unit": PIXELS})
    made.setSubSymbol(QgsFillSymbol.createSimple({
        "style": "b_diagonal", "color": "#888888", "outline_color": "#777777",
        "outline_width": "1.3", "outline_width_unit": PIXELS,
    }))
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, made)
    return symbol


def text_format(size, color, bold=False, halo="#fbfaf6"):
    made = QgsTextFormat()
    made.setFont(font(size, bold))
    made.setSize(size)
    made.setSizeUnit(QgsUnitTypes.RenderPixels)
    made.setColor(QColor(color))
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(2.6)
    buffer.setSizeUnit(QgsUnitTypes.RenderPixels)
    tone = QColor(halo)
    tone.setAlpha(225)
    buffer.setColor(tone)
    made.setBuffer(buffer)
    return made


def by_name(values):
    """An expression that gives a feature's value by its name, and nothing for other names."""
    pairs = ", ".join(f"'{name}', '{value}'" for name, value in values.items())
    return f"map_get(map({pairs}), \"name\")"


def label(layer, named, size, color, bold, gap, priority):
    """Labels features by name on the side that is told; never one over another."""
    settings = QgsPalLayerSettings()
    settings.fieldName = by_name({name: text for name, (text, _) in named.items()})
    settings.isExpression = True
    settings.placement = QgsPalLayerSettings.OverPoint
    places = {name: SIDES[side] for name, (_, side) in named.items()}
    own = settings.dataDefinedProperties()
    quadrant = {name: place for name, (place, _, _) in places.items()}
    own.setProperty(QgsPalLayerSettings.OffsetQuad, QgsProperty.fromExpression(by_name(quadrant)))
    shift = {name: f"{x * gap},{y * gap}" for name, (_, x, y) in places.items()}
    own.setProperty(QgsPalLayerSettings.OffsetXY, QgsProperty.fromExpression(by_name(shift)))
    settings.offsetUnits = QgsUnitTypes.RenderPixels
    settings.priority = priority
    settings.displayAll = True
    obstacle = QgsLabelObstacleSettings()
    obstacle.setIsObstacle(False)
    settings.setObstacleSettings(obstacle)
    settings.setFormat(text_format(size, color, bold))
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def base():
    """What lies under the results."""
    data = ROOT / "data"
    land = vector(data / "borders" / "countries.geojson", "land")
    land.setSubsetString("\"iso3\" IN ('PAK','AFG','IRN','IND','OMN','TKM')")
    land.setRenderer(QgsCategorizedSymbolRenderer("iso3", [
        QgsRendererCategory("PAK", fill(PAKISTAN), "Pakistan"),
        QgsRendererCategory(None, fill(LAND), "others"),
    ]))
    rivers = vector(data / "balochistan" / "rivers.geojson", "rivers")
    rivers.setRenderer(QgsSingleSymbolRenderer(line(RIVER, 2.0)))
    coast = vector(data / "balochistan" / "coast.geojson", "coast")
    coast.setRenderer(QgsSingleSymbolRenderer(line(COAST, 1.5)))
    borders = vector(data / "balochistan" / "borders.geojson", "borders")
    borders.setRenderer(QgsSingleSymbolRenderer(line(BORDER, 1.6, "dash")))
    return [towns_of(data), borders, coast, rivers, land]


def towns_of(data):
    uri = f"file://{data}/balochistan/settlements.csv?type=csv&detectTypes=yes&xField=lon&yField=lat&crs=EPSG:4326"
    towns = QgsVectorLayer(uri, "towns", "delimitedtext")
    names = ",".join(f"'{name}'" for name in TOWNS)
    towns.setSubsetString(f'"name" IN ({names})')
    towns.setRenderer(QgsSingleSymbolRenderer(marker("square", "#77726a", 6, "#fbfaf6", 1)))
    label(towns, {name: (name, side) for name, side in TOWNS.items()}, 15, QUIET, False, 8, 3)
    return towns


def results(folder):
    """The program's own layers."""
    sites = vector(folder / "sites.geojson", "sites")
    sites.setSubsetString("\"site_province\" = 'Balochistan'")
    sites.setRenderer(QgsCategorizedSymbolRenderer("security_band", [
        QgsRendererCategory(band, marker("circle", color, size, "#4a1a12", 1.3) if color else hatched(size), band)
        for band, _, color, size in BANDS
    ]))
    # The higher band lies on top.
    renderer = sites.renderer().clone()
    for category, level in zip(renderer.categories(), range(len(BANDS), 0, -1)):
        symbol = category.symbol().clone()
        symbol.symbolLayer(0).setRenderingPass(level)
        renderer.updateCategorySymbol(renderer.categoryIndexForValue(category.value()), symbol)
    renderer.setUsingSymbolLevels(True)
    sites.setRenderer(renderer)
    label(sites, NAMES, 17, INK, True, 17, 9)
    links = vector(folder / "links.geojson", "links")
    shown = ",".join(f"'{site['site_id']}'" for site in sites.getFeatures())
    links.setSubsetString(f"\"role\" = 'driver' AND \"site_id\" IN ({shown})")
    drawn = line(LINK, 1.2, alpha=130)
    by_share = QgsProperty.fromExpression('0.7 + 4 * "share"')
    drawn.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.PropertyStrokeWidth, by_share)
    links.setRenderer(QgsSingleSymbolRenderer(drawn))
    incidents = vector(folder / "incidents.geojson", "incidents")
    incidents.setSubsetString("\"domain\" = 'security'")
    incidents.setRenderer(QgsSingleSymbolRenderer(marker("diamond", INCIDENT, 7.5, "#fbfaf6", 0.8)))
    roads = vector(folder / "footprint_lines.geojson", "roads")
    roads.setRenderer(QgsSingleSymbolRenderer(line(ROAD, 2.2)))
    return [sites, incidents, links, roads]


class Canvas:
    """The painter with the map's own scale."""

    def __init__(self, painter, settings, crs):
        self.painter = painter
        self.pixel = settings.mapToPixel()
        wgs84 = QgsCoordinateReferenceSystem("EPSG:4326")
        self.to_map = QgsCoordinateTransform(wgs84, crs, QgsProject.instance())

    def place(self, lon, lat):
        at = self.pixel.transform(self.to_map.transform(QgsPointXY(lon, lat)))
        return QPointF(at.x(), at.y())

    def text(self, x, y, words, size, color=INK, bold=False, italic=False, spacing=0.0, align="left"):
        made = font(size, bold, italic, spacing)
        width = QFontMetricsF(made).horizontalAdvance(words)
        self.painter.setFont(made)
        self.painter.setPen(QColor(color))
        self.painter.drawText(QPointF(x - {"left": 0, "center": width / 2, "right": width}[align], y), words)
        return width

    def panel(self, x, y, width, height):
        self.painter.setPen(QPen(QColor("#cfc9bd"), 1.2))
        self.painter.setBrush(QColor(255, 255, 255))
        self.painter.drawRoundedRect(QRectF(x, y, width, height), 8, 8)


def draw_words(canvas):
    for words, lon, lat, size, color, spacing, italic in WORDS:
        at = canvas.place(lon, lat)
        canvas.text(at.x(), at.y(), words, size, color, False, italic, spacing, "center")


def draw_legend(canvas):
    painter = canvas.painter
    left, top, width, row = SIZE[0] - 358, SIZE[1] - 386, 330, 30
    canvas.panel(left, top, width, 358)
    canvas.text(left + 20, top + 34, "Security score of mine sites", 18, bold=True)
    y = top + 62
    for band, span, color, size in BANDS:
        center = QPointF(left + 36, y)
        painter.setPen(QPen(QColor("#4a1a12" if color else "#777777"), 1.3))
        painter.setBrush(QColor(color) if color else QColor("#f4f4f4"))
        painter.drawEllipse(center, size / 2, size / 2)
        if color is None:
            painter.setBrush(QColor("#888888"))
            painter.setBrush(Qt.BDiagPattern)
            painter.drawEllipse(center, size / 2, size / 2)
        canvas.text(left + 64, y + 6, band, 16)
        canvas.text(left + width - 20, y + 6, span, 15, QUIET, align="right")
        y += row
    painter.setPen(QPen(QColor("#ddd8cd"), 1))
    painter.drawLine(QPointF(left + 20, y - 8), QPointF(left + width - 20, y - 8))
    y += 14
    tone = QColor(LINK)
    painter.setPen(QPen(tone, 1.6))
    painter.drawLine(QPointF(left + 22, y), QPointF(left + 50, y))
    canvas.text(left + 64, y + 6, "to its main drivers, by share", 16)
    y += row
    painter.setPen(QPen(QColor(ROAD), 2.4))
    painter.drawLine(QPointF(left + 22, y), QPointF(left + 50, y))
    canvas.text(left + 64, y + 6, "road linked to a site", 16)
    y += row
    painter.setPen(QPen(QColor("#fbfaf6"), 0.8))
    painter.setBrush(QColor(INCIDENT))
    center = QPointF(left + 36, y)
    painter.save()
    painter.translate(center)
    painter.rotate(45)
    painter.drawRect(QRectF(-3.2, -3.2, 6.4, 6.4))
    painter.restore()
    canvas.text(left + 64, y + 6, "incident reported 2015–2025", 16)


def draw_scale_bar(canvas):
    painter = canvas.painter
    left, y = 40, SIZE[1] - 52
    half = 100_000 / METERS_PER_PIXEL
    right = left + 2 * half
    for start, color in ((left, INK), (left + half, "#ffffff")):
        painter.setPen(QPen(QColor(INK), 1.2))
        painter.setBrush(QColor(color))
        painter.drawRect(QRectF(start, y, half, 6))
    for x, words in ((left, "0"), (left + half, "100"), (right, "200 km")):
        canvas.text(x, y - 8, words, 15, INK, align={left: "left", right: "right"}.get(x, "center"))


def draw_note(canvas):
    words = "Borders as in Natural Earth; no position on status. A demonstration, not a sample; sites of Balochistan only."
    canvas.text(40, SIZE[1] - 20, words, 14, "#4f6470")


def main(folder="out/demo", target="docs/img/demo.png"):
    application = QgsApplication([], False)
    application.initQgis()
    crs = QgsCoordinateReferenceSystem()
    crs.createFromProj(CRS.removeprefix("PROJ:"))
    layers = results(Path(folder)) + base()
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setOutputSize(QSize(*SIZE))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor(SEA))
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    wgs84 = QgsCoordinateReferenceSystem("EPSG:4326")
    center = QgsCoordinateTransform(wgs84, crs, QgsProject.instance()).transform(QgsPointXY(*CENTER))
    half_x, half_y = (METERS_PER_PIXEL * side / 2 for side in SIZE)
    settings.setExtent(QgsRectangle(
        center.x() - half_x, center.y() - half_y, center.x() + half_x, center.y() + half_y
    ))
    image = QImage(*SIZE, QImage.Format_RGB32)
    image.fill(QColor(SEA))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.Antialiasing)
    painter.setRenderHint(QPainter.TextAntialiasing)
    # The base with its words, then the results over both.
    canvas = Canvas(painter, settings, crs)
    for part, after in ((layers[5:], draw_words), (layers[:5], None)):
        settings.setLayers(part)
        settings.setBackgroundColor(QColor(SEA) if after else QColor(0, 0, 0, 0))
        job = QgsMapRendererCustomPainterJob(settings, painter)
        job.renderSynchronously()
        if job.errors():
            sys.exit("; ".join(error.message for error in job.errors()))
        if after:
            after(canvas)
    for draw in (draw_legend, draw_scale_bar, draw_note):
        draw(canvas)
    painter.end()
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    image.save(target, "PNG", 1)
    print(f"{target}: {Path(target).stat().st_size // 1000} kB")
    sys.stdout.flush()
    # Leaving QGIS the ordinary way crashes where Python still holds layers.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
