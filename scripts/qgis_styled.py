"""What QGIS makes of the styled outputs of a folder: *.qgz, *.gpkg, *.fgb and the .qml beside each layer.

Part of qgis_check.py, which sets QGIS up. Everything is compared with the GeoJSON layers of the same run: the
same features, values and positions in every format; a symbol for each feature; a map tip for each feature that
evaluates and escapes; the time slider against a count of dates of its own, step by step. Pictures of the map and of its print
layout are drawn into a folder, to be looked at.
"""

import datetime
import json
import math
import re
import shutil
import sqlite3
import subprocess
import tempfile
from html import escape
from pathlib import Path

from qgis.core import (
    QgsDateTimeRange,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsInterval,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsRectangle,
    QgsRenderContext,
    QgsTemporalNavigationObject,
    QgsVectorLayer,
    QgsVectorLayerTemporalContext,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import NULL, QDate, QDateTime, QRectF, QSize, Qt, QTime
from qgis.PyQt.QtGui import QFont, QFontMetricsF

CATEGORIZED = {
    "sites", "sites_over_time", "footprints", "footprint_lines", "incidents", "links", "borders", "contours",
    "receptors", "receptor_lines", "receptor_areas",
}
BANDS = {"very high", "high", "medium", "low", "very low", "no data"}
GROUPS = ["Risk", "Why", "Receptors", "Base map"]
BY_SCALE = {"provinces", "rivers", "lakes", "towns", "province_names"}
# Drawn of one site alone on its page.
OF_ONE_SITE = {"rings"}
# The words of the scores, and the pixels of a millimeter, with which words on a page are measured.
THEMES = {"Environment", "Overall", "Security"}
DOTS = 20


def plain(value):
    """A value as GeoJSON has it."""
    if value == NULL or value is None:
        return None
    if isinstance(value, QDate):
        return value.toString("yyyy-MM-dd")
    if isinstance(value, QDateTime):
        return value.date().toString("yyyy-MM-dd")
    return value


def positions(coordinates):
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield tuple(coordinates[:2])
    else:
        for part in coordinates:
            yield from positions(part)


def check_symbols(complaints, layer, name, project=False):
    """A renderer of the right kind, and a symbol for every feature."""
    renderer = layer.renderer()
    by_rule = name in BY_SCALE | OF_ONE_SITE
    # Land is of one color unless it tells where incidents were collected.
    told = name == "land" and layer.fields().indexOf("incidents_collected") >= 0
    due = "categorizedSymbol" if told or name in CATEGORIZED else "RuleRenderer" if by_rule else "singleSymbol"
    complaints.expect(renderer.type() == due, f"{name}: its renderer is {renderer.type()}, should be {due}")
    if renderer.type() == "categorizedSymbol":
        # The entry of the dot in the legend is no class.
        values = {category.value() for category in renderer.categories()} - {"security_record_gap"}
        if renderer.classAttribute().endswith("band"):
            # A surface has no band where nothing is known.
            due = BANDS - {"no data"} if name == "contours" else BANDS
            # A project leaves out the bands in which there is nothing.
            complaints.expect(values == due or (project and values <= due), f"{name}: its categories are {values}")
            labels = [c.label() for c in renderer.categories() if c.value() not in ("no data", "security_record_gap")]
            complaints.expect(all(re.search(r"\d", text) for text in labels), f"{name}: a label has no scores")
        complaints.expect(all(c.renderState() for c in renderer.categories()), f"{name}: a category is off")
    context = QgsRenderContext()
    # Near enough for whatever has a least zoom.
    scopes = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    scopes.lastScope().setVariable("map_scale", 10_000)
    context.setRendererScale(10_000)
    context.setExpressionContext(scopes)
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        complaints.expect(renderer.willRenderFeature(feature, context), f"{name}: feature {feature['id']} is not drawn")
    renderer.stopRender(context)


def expressions(layer):
    """Every expression that decides how a layer is drawn or labeled."""
    context = QgsRenderContext()
    for symbol in layer.renderer().symbols(context):
        for part in symbol.symbolLayers():
            yield from decided(part.dataDefinedProperties())
    for clause in layer.renderer().orderBy().list():
        yield clause.expression().expression()
    if layer.labelsEnabled():
        settings = layer.labeling().settings()
        yield settings.fieldName if settings.isExpression else QgsExpression.quotedColumnRef(settings.fieldName)
        yield from decided(settings.dataDefinedProperties())


def decided(properties):
    return [properties.property(key).asExpression() for key in properties.propertyKeys()]


def check_words(complaints, layer, name):
    """Aliases, display name, and map tips that evaluate to escaped text."""
    fields = layer.fields()
    bare = [f.name() for f in fields if f.name() not in ("id", "fid") and not layer.attributeAlias(fields.indexOf(f.name()))]
    complaints.expect(not bare, f"{name}: columns without an alias: {bare[:3]}")
    template = layer.mapTipTemplate()
    complaints.expect("[%" in template, f"{name}: has no map tip")
    for part in re.findall(r"\[%(.*?)%\]", template, re.S):
        expression = QgsExpression(part)
        complaints.expect(not expression.hasParserError(), f"{name}: {expression.parserErrorString()}: {part}")
    # Of the feature of an atlas any column may be asked for.
    known = {field.name() for field in fields} | {QgsFeatureRequest.ALL_ATTRIBUTES}
    for text in expressions(layer):
        expression = QgsExpression(text)
        complaints.expect(not expression.hasParserError(), f"{name}: {expression.parserErrorString()}: {text}")
        complaints.expect(expression.referencedColumns() <= known, f"{name}: {text} speaks of no column")
    display = QgsExpression(layer.displayExpression())
    complaints.expect(not display.hasParserError(), f"{name}: {display.parserErrorString()}")
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    empty = 0
    for feature in layer.getFeatures():
        context.setFeature(feature)
        text = QgsExpression.replaceExpressionText(template, context)
        # What the data itself writes so is data, and stays as it is.
        own = any("[%" in str(value) for value in feature.attributes())
        complaints.expect(own or "[%" not in text, f"{name}: the map tip of {feature['id']} is not evaluated")
        tags = set(re.findall(r"<\s*(/?\w+)", text))
        complaints.expect(tags <= {"div", "/div", "b", "/b", "i", "/i", "br"}, f"{name}: a tip has {tags}")
        words = re.sub(r"<[^>]*>", "", text).strip()
        empty += not words
        if name == "sites" and plain(feature["explanation"]):
            for start, column in (("<b>", "name"), ("<br>", "explanation")):
                told = escape(feature[column], quote=False)
                good = f"{start}{told}<" in text
                complaints.expect(good, f"{name}: the map tip of {feature['id']} does not tell its {column}")
        named = plain(display.evaluate(context))
        complaints.expect(named not in (None, ""), f"{name}: feature {feature['id']} has no display name")
    complaints.expect(empty == 0, f"{name}: {empty} map tips are empty")


def check_time(complaints, layer, features):
    """The time slider shows of each month and year what has its date there."""
    temporal = layer.temporalProperties()
    complaints.expect(temporal.isActive(), "incidents: the time slider does not play them")
    complaints.expect(not temporal.accumulateFeatures(), "incidents: the time slider piles them up")
    dates = [datetime.date.fromisoformat(f["properties"]["date"]) for f in features if f["properties"]["date"]]
    if not dates:
        return
    undated = sum(1 for f in features if not f["properties"]["date"])
    counts = []
    for first, last in spans(min(dates), max(dates)):
        moments = [QDateTime(QDate(d.year, d.month, d.day), QTime(0, 0), Qt.UTC) for d in (first, last)]
        span = QgsDateTimeRange(moments[0], moments[1], True, False)
        context = QgsVectorLayerTemporalContext()
        context.setLayer(layer)
        text = temporal.createFilterString(context, span)
        request = QgsFeatureRequest().setFilterExpression(text)
        count = sum(1 for _ in layer.getFeatures(request))
        due = sum(1 for d in dates if first <= d < last) + undated
        complaints.expect(count == due, f"incidents: from {first} to {last} it plays {count}, should be {due}")
        counts.append(count)
    if len(set(dates)) > 1:
        complaints.expect(len(set(counts)) > 1, "incidents: the time slider plays as many at every step")


def check_steps(complaints, project, layer, features):
    """The time slider is on when the project opens, and each of its steps shows every site at one date."""
    complaints.expect(project.readNumEntry("TemporalControllerWidget", "/NavigationMode")[0] == 1, "its time slider is off")
    settings = project.timeSettings()
    player = QgsTemporalNavigationObject()
    player.setTemporalExtents(settings.temporalRange())
    player.setFrameDuration(QgsInterval(settings.timeStep(), settings.timeStepUnit()))
    dates = sorted({feature["properties"]["as_of"] for feature in features})
    complaints.expect(player.totalFrameCount() == len(dates), f"it plays {player.totalFrameCount()} steps, should be {len(dates)}")
    steps = []
    for number, date in enumerate(dates):
        span = player.dateTimeRangeForFrameNumber(number)
        steps.append(span)
        context = QgsVectorLayerTemporalContext()
        context.setLayer(layer)
        request = QgsFeatureRequest().setFilterExpression(layer.temporalProperties().createFilterString(context, span))
        seen = sorted(feature["id"] for feature in layer.getFeatures(request))
        due = sorted(feature["id"] for feature in features if feature["properties"]["as_of"] == date)
        complaints.expect(seen == due, f"step {number} shows {len(seen)} sites, should be {len(due)} of {date}")
    return steps


def spans(first, last):
    """Each year, and each month of the last."""
    for year in range(first.year, last.year + 1):
        yield datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
    for month in range(1, 13):
        after = datetime.date(last.year + month // 12, month % 12 + 1, 1)
        yield datetime.date(last.year, month, 1), after


def check_same(complaints, layer, what, collection, formats):
    """Another format holds the same features with the same values, positions and kinds of columns."""
    by_id = {feature["id"]: feature for feature in collection["features"]}
    seen = {feature["id"]: feature for feature in layer.getFeatures()}
    complaints.expect(layer.featureCount() == len(by_id), f"{what}: featureCount is {layer.featureCount()}")
    complaints.expect(seen.keys() == by_id.keys(), f"{what}: has other features")
    for key, feature in by_id.items():
        if key not in seen:
            continue
        for column, value in feature["properties"].items():
            got = plain(seen[key][column])
            complaints.expect(got == value, f"{what}: feature {key}: {column} is {got!r}, should be {value!r}")
        geometry = seen[key].geometry()
        # FlatGeobuf has no geometry where GeoJSON has one without positions.
        got = [] if geometry.isNull() else [(p.x(), p.y()) for p in geometry.vertices()]
        due = list(positions(feature["geometry"]["coordinates"]))
        complaints.expect(got == due, f"{what}: feature {key} has other positions")
    complaints.expect(layer.crs().authid() == "EPSG:4326", f"{what}: its CRS is {layer.crs().authid()}")
    kinds = {"text": "QString", "number": "double", "whole number": "int", "date": "QDate", "true or false": "bool"}
    for column, kind in formats.items():
        index = layer.fields().indexOf(column)
        if index >= 0:
            name = layer.fields()[index].typeName(), layer.fields()[index].type()
            due = kinds[kind]
            got = {10: "QString", 6: "double", 2: "int", 4: "int", 14: "QDate", 16: "QDateTime", 1: "bool"}.get(name[1], str(name))
            # FlatGeobuf knows no days, only moments.
            good = got == due or (what.endswith(".fgb") and kind == "date" and got == "QDateTime")
            complaints.expect(good, f"{what}: {column} is {got}, should be {due}")


def check_inside(complaints, layer, what):
    """The spatial index finds what a look at every feature finds."""
    shapes = [(f.id(), f.geometry()) for f in layer.getFeatures() if not f.geometry().isNull() and not f.geometry().isEmpty()]
    if not shapes:
        return
    extent = layer.extent()
    for at in range(4):
        part = QgsRectangle(extent)
        part.setXMinimum(extent.xMinimum() + at % 2 * extent.width() / 2)
        part.setYMinimum(extent.yMinimum() + at // 2 * extent.height() / 2)
        part.setXMaximum(part.xMinimum() + extent.width() / 2)
        part.setYMaximum(part.yMinimum() + extent.height() / 2)
        request = QgsFeatureRequest().setFilterRect(part).setFlags(QgsFeatureRequest.ExactIntersect)
        found = {f.id() for f in layer.getFeatures(request)}
        due = {fid for fid, shape in shapes if shape.intersects(part)}
        complaints.expect(found == due, f"{what}: a box holds {len(due)}, the index finds {len(found)}")


def check_geopackage(complaints, path, collections, documented, run):
    listed = {s.name() for s in QgsProviderRegistry.instance().querySublayers(str(path)) if s.wkbType() != QgsWkbTypes.NoGeometry}
    complaints.expect(set(collections) <= listed, f"holds {sorted(listed)}")
    said = run(complaints, "ogrinfo", "ogrinfo", "-ro", "-al", str(path))
    complaints.expect(bool(said), "ogrinfo says nothing")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        complaints.expect(database.execute("PRAGMA integrity_check").fetchone() == ("ok",), "is damaged")
        complaints.expect(database.execute("PRAGMA foreign_key_check").fetchall() == [], "has broken keys")
        for name in listed:
            sound = database.execute("SELECT rtreecheck(?)", [f"rtree_{name}_geom"]).fetchone()
            complaints.expect(sound == ("ok",), f"{name}: its index: {sound[0]}")
    for name in sorted(listed):
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        complaints.expect(layer.isValid(), f"{name}: is not valid")
        check_symbols(complaints, layer, name)
        check_words(complaints, layer, name)
        collection = collections.get(name)
        if collection is not None:
            check_same(complaints, layer, f"{path.name} {name}", collection, documented.get(name, {}))
            check_inside(complaints, layer, name)


def check_flatgeobuf(complaints, path, collection, documented, run):
    layer = QgsVectorLayer(str(path), path.stem, "ogr")
    complaints.expect(layer.isValid(), "is not valid")
    run(complaints, "ogrinfo", "ogrinfo", "-ro", "-al", str(path))
    check_same(complaints, layer, path.name, collection, documented.get(path.stem, {}))
    check_inside(complaints, layer, path.name)


def check_alone(complaints, path):
    """A layer by itself takes the style beside it."""
    layer = QgsVectorLayer(str(path), path.stem, "ogr")
    check_symbols(complaints, layer, path.stem)
    check_words(complaints, layer, path.stem)


def check_grid(complaints, project, layer):
    """The surface has the reference system of its file, and is drawn on the project's map."""
    file = QgsRasterLayer(layer.source(), "the file")
    complaints.expect(layer.crs().isValid() and layer.crs() == file.crs(), f"{layer.name()}: has {layer.crs().authid() or 'no CRS'}")
    image, errors = image_of(project, layers=[layer])
    complaints.expect(not errors, f"drawing {layer.name()}: {errors}")
    known = layer.dataProvider().bandStatistics(1).elementCount > 0
    complaints.expect(len(tones(image)) > (1 if known else 0), f"{layer.name()}: nothing is drawn")
    items = {item.label: item.color for item in layer.renderer().shader().rasterShaderFunction().colorRampItemList()}
    strange = tones(image) - {color.rgba() for color in items.values()} - {project.backgroundColor().rgba()}
    complaints.expect(not strange, f"{layer.name()}: {len(strange)} colors are those of no band")
    for name in ("tamarisk_contours_bands", "tamarisk_sites_security"):
        bands = project.mapLayer(name)
        for category in bands.renderer().categories() if bands is not None else []:
            if category.value() not in ("no data", "security_record_gap"):
                good = items.get(category.label()) == top_color(category.symbol())
                complaints.expect(good, f"{layer.name()}: {category.label()} has another color on {bands.name()}")


def top_color(symbol):
    """The color that a symbol is filled with: that of its last layer, which is on top, but for the dot of a gap in the record."""
    colors = [layer.color() for layer in symbol.symbolLayers()]
    return colors[-2] if colors[-1].getRgb()[:3] == (24, 24, 24) else colors[-1]


def tones(image):
    """The colors of a picture, at every seventh pixel."""
    return {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}


def image_of(project, span=None, layers=None):
    """The map as it opens, or at a step of its time slider; or these layers of it alone."""
    settings = QgsMapSettings()
    if span is not None:
        settings.setIsTemporal(True)
        settings.setTemporalRange(span)
    root = project.layerTreeRoot()
    visible = [layer for layer in root.layerOrder() if root.findLayer(layer.id()).isVisible()]
    settings.setLayers(layers or visible)
    settings.setBackgroundColor(project.backgroundColor())
    settings.setOutputSize(QSize(1400, 1000))
    settings.setOutputDpi(120)
    settings.setFlag(QgsMapSettings.Antialiasing)
    settings.setDestinationCrs(project.crs())
    settings.setTransformContext(project.transformContext())
    settings.setExtent(project.viewSettings().defaultViewExtent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage(), [error.message for error in job.errors()]


def check_project(complaints, path, pictures):
    """The project opens styled from wherever it lies."""
    folder = path.parent
    text = subprocess.run(["unzip", "-p", str(path)], capture_output=True, text=True, check=True).stdout
    complaints.expect(str(folder.resolve()) not in text, "names the folder that it lies in")
    away = Path(tempfile.mkdtemp(prefix="moved-")) / "elsewhere"
    shutil.copytree(folder, away)
    project = QgsProject.instance()
    complaints.expect(project.read(str(away / path.name)), "does not open")
    groups = [group.name() for group in project.layerTreeRoot().findGroups()]
    complaints.expect([g for g in GROUPS if g in groups] == groups, f"its groups are {groups}")
    complaints.expect(project.crs().authid() in ("EPSG:3857", "EPSG:4326"), f"its CRS is {project.crs().authid()}")
    layers = project.mapLayers().values()
    complaints.expect(bool(layers), "shows nothing")
    for layer in layers:
        complaints.expect(layer.isValid(), f"{layer.name()}: is not valid")
        complaints.expect(str(away) in layer.source(), f"{layer.name()}: lies at {layer.source()}")
        if layer.type() == 1:
            check_grid(complaints, project, layer)
        else:
            complaints.expect(layer.crs().authid() == "EPSG:4326", f"{layer.name()}: has {layer.crs().authid()}")
        file, _, table = layer.source().partition("|layername=")
        name = table or Path(file).stem
        if layer.type() == 0 and layer.isValid():
            check_symbols(complaints, layer, name, project=True)
            check_words(complaints, layer, name)
    span = None
    series = project.mapLayer("tamarisk_sites_over_time_security")
    if series is not None:
        played = features_of(folder / "sites_over_time.geojson")
        other = project.mapLayer("tamarisk_sites_over_time_environment")
        for layer in (series, other):
            steps = check_steps(complaints, project, layer, played)
        # Pictures of the first step beside that of the last.
        span = steps[-1]
        image_of(project, steps[0])[0].save(str(pictures / f"{label(folder)}-first.png"))
    played = features_of(folder / "incidents.geojson")
    if played and path.name == "risk.qgz":
        # QGIS 3.22 forgets what a style beside a layer says of time; a project keeps it.
        layer = project.mapLayer("tamarisk_incidents_incidents")
        complaints.expect(layer is not None, "does not show the incidents")
        if layer is not None:
            check_time(complaints, layer, played)
        span = project.timeSettings().temporalRange()
        complaints.expect(span.begin().isValid() and span.begin() < span.end(), "has no time to play")
    check_themes(complaints, project)
    view = project.viewSettings().defaultViewExtent()
    complaints.expect(not view.isEmpty() and math.isfinite(view.width()), "shows no extent")
    image, errors = image_of(project, span)
    complaints.expect(not errors, f"drawing it: {errors}")
    colors = len(tones(image))
    complaints.expect(colors > 8, f"its map has {colors} colors")
    image.save(str(pictures / f"{label(folder)}-map.png"))
    layouts = project.layoutManager().printLayouts()
    names = [layout.name() for layout in layouts]
    due = ["Risk map"] + (["A page for each site"] if project.mapLayer("tamarisk_sites_security") and not project.crs().isGeographic() else [])
    complaints.expect(names == due, f"has the print layouts {names}")
    for layout in layouts:
        exporter = QgsLayoutExporter(layout)
        target = pictures / f"{label(folder)}-layout.png"
        atlas = layout.atlas()
        if atlas.enabled():
            # Two pages of the atlas: the first, and the next if there is one.
            target = pictures / f"{label(folder)}-page-1.png"
            count = atlas.updateFeatures()
            complaints.expect(count == min(100, len(features_of(folder / "sites.geojson"))), f"its atlas has {count} pages")
            check_pages(complaints, layout)
            complaints.expect(atlas.beginRender() and atlas.seekTo(min(1, count - 1)), "its atlas has no second page")
            second = pictures / f"{label(folder)}-page-2.png"
            complaints.expect(exporter.renderPageToImage(0, dpi=130).save(str(second)), "its atlas gives no second page")
            complaints.expect(atlas.seekTo(0), "its atlas has no first page")
        complaints.expect(exporter.renderPageToImage(0, dpi=130).save(str(target)), "its layout gives no picture")
        page = target.with_suffix(".pdf")
        done = exporter.exportToPdf(str(page), QgsLayoutExporter.PdfExportSettings())
        complaints.expect(done == 0 and page.stat().st_size > 10_000, "its layout gives no PDF")
    project.clear()
    shutil.rmtree(away.parent)


def check_pages(complaints, layout):
    """On every page of the atlas each text fits into its frame, and the words about the site are there once."""
    atlas = layout.atlas()
    atlas.beginRender()
    for number in range(atlas.count()):
        atlas.seekTo(number)
        told = plain(layout.reportContext().feature()["explanation"])
        texts = []
        for item in layout.items():
            if isinstance(item, QgsLayoutItemLabel) and item.currentText().strip():
                texts.append(item.currentText())
                font = QFont(item.font())
                font.setPixelSize(round(item.font().pointSizeF() * 25.4 / 72 * DOTS))
                width, height = (side * DOTS for side in (item.rect().width(), item.rect().height()))
                rect = QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 1e6), Qt.TextWordWrap, item.currentText())
                fits = rect.height() <= height and rect.width() <= width + DOTS
                complaints.expect(fits, f"page {number + 1}: does not fit: {item.currentText()[:40]!r}")
        if told is not None:
            complaints.expect(texts.count(told) == 1, f"page {number + 1}: tells the explanation {texts.count(told)} times")
    atlas.endRender()


def check_themes(complaints, project):
    """Each theme shows the sites by its own score, and only by that."""
    themes = project.mapThemeCollection()
    names = set(themes.mapThemes())
    scores = {name for name in THEMES if project.mapLayer(f"tamarisk_sites_{name.lower()}")}
    complaints.expect(scores <= names <= THEMES, f"has the map themes {sorted(names)}")
    for name in sorted(names):
        shown = {layer.id() for layer in themes.mapThemeVisibleLayers(name)}
        sites = {key for key in shown if key.startswith("tamarisk_sites")}
        complaints.expect(len(sites) == 1 and name.lower() in next(iter(sites), ""), f"theme {name}: shows {sorted(sites)}")
        receptors = [key for key in shown if key.startswith("tamarisk_receptor")]
        complaints.expect(not receptors or name == "Environment", f"theme {name}: shows {receptors}")


def features_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["features"] if path.exists() else []


def label(folder):
    """What the pictures of a folder are called: those of a batch lie two folders deep."""
    return f"{folder.parent.name}-{folder.name}" if (folder / "sites_over_time.qgz").exists() else folder.name


def check_folder(complaints, folder, documented, run, pictures):
    """Everything styled in a folder."""
    collections = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.geojson"))}
    ground = {"land", "borders"}
    for name, collection in collections.items():
        path = folder / f"{name}.geojson"
        if path.with_suffix(".qml").exists() and collection["features"]:
            complaints.where = str(path)
            check_alone(complaints, path)
    for path in sorted(folder.glob("*.fgb")):
        complaints.where = str(path)
        check_flatgeobuf(complaints, path, collections[path.stem], documented, run)
    for path in sorted(folder.glob("*.gpkg")):
        complaints.where = str(path)
        # The base map has a file of its own, and stands in no GeoJSON.
        base = path.name == "basemap.gpkg"
        layers = {} if base else {name: c for name, c in collections.items() if name not in ground}
        check_geopackage(complaints, path, layers, documented, run)
    pictures.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.qgz")):
        complaints.where = str(path)
        check_project(complaints, path, pictures)
