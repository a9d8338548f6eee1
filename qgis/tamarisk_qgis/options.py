"""Kinds of parameters: each has a definition for QGIS, and becomes words of the command line."""

import json
import shlex

from qgis.core import (
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterPoint,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from . import layers_in

ANY = QgsProcessing.SourceType.TypeVector
POINTS = QgsProcessing.SourceType.TypeVectorPoint
LINES = QgsProcessing.SourceType.TypeVectorLine


class Option:
    """A parameter `name` that is called `label`.

    It becomes the word `flag` with its value at its end: `--sites=` a file; `` the value alone. A flag of None makes no
    word, for what an algorithm itself makes words of.
    """

    def __init__(self, name, label, flag=None, *, optional=True, advanced=False, tip="", **more):
        self.name = name
        self.label = label
        self.flag = flag
        self.optional = optional
        self.advanced = advanced
        self.tip = tip
        self.more = more

    def define(self):
        """The definition, made anew for each algorithm, which owns it."""
        raise NotImplementedError

    def definition(self):
        """The definition with all that they have in common."""
        definition = self.define()
        if self.advanced:
            flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
            definition.setFlags(definition.flags() | flag)
        if self.tip:
            definition.setHelp(self.tip)
        return definition

    def words(self, ask):
        """The words of the command line."""
        if self.flag is None or not ask.given(self.name):
            return []
        return [self.flag + str(value) for value in self.values(ask) if value != ""]

    def values(self, ask):
        """What follows the flag, which is repeated for each."""
        raise NotImplementedError


class Layer(Option):
    """A layer or table; selection and reference system are respected."""

    def define(self):
        types = [self.more.get("type", ANY)]
        return QgsProcessingParameterFeatureSource(self.name, self.label, types, optional=self.optional)

    def values(self, ask):
        return [layers_in.write(ask.source(self.name), ask.folder, ask.context, ask.feedback)]


class Layers(Option):
    """Several layers or tables."""

    def define(self):
        return QgsProcessingParameterMultipleLayers(self.name, self.label, ANY, optional=self.optional)

    def values(self, ask):
        for layer in ask.layers(self.name):
            yield layers_in.write(_Whole(layer), ask.folder, ask.context, ask.feedback)


class _Whole:
    """A layer as a source of features."""

    def __init__(self, layer):
        self.layer = layer

    def __getattr__(self, name):
        return getattr(self.layer, name)

    def sourceCrs(self):
        """The layer's reference system."""
        return self.layer.crs()

    def getFeatures(self, request, _flag):
        """All features."""
        return self.layer.getFeatures(request)


class Raster(Option):
    """A raster in a file."""

    def define(self):
        return QgsProcessingParameterRasterLayer(self.name, self.label, optional=self.optional)

    def values(self, ask):
        return [ask.layer(self.name).source()]


class Text(Option):
    """A text."""

    def define(self):
        default = self.more.get("default")
        return QgsProcessingParameterString(self.name, self.label, default, optional=self.optional)

    def values(self, ask):
        return [ask.text(self.name)]


class File(Option):
    """A file that is read."""

    def define(self):
        kind = self.more.get("kind", "")
        return QgsProcessingParameterFile(self.name, self.label, optional=self.optional, fileFilter=kind or "All files (*.*)")

    def values(self, ask):
        return [ask.file(self.name)]


class Number(Option):
    """A number with the unit that the program wants."""

    def define(self):
        whole = self.more.get("whole", False)
        kinds = QgsProcessingParameterNumber.Type
        return QgsProcessingParameterNumber(
            self.name,
            self.label,
            kinds.Integer if whole else kinds.Double,
            self.more.get("default"),
            self.optional,
            self.more.get("least", 0),
        )

    def values(self, ask):
        return [f"{ask.number(self.name):.15g}{self.more.get('unit', '')}"]


class Switch(Option):
    """A box to tick; its flag stands alone."""

    def define(self):
        return QgsProcessingParameterBoolean(self.name, self.label, self.more.get("default", False))

    def words(self, ask):
        return [self.flag] if self.flag and ask.switch(self.name) else []


class Choice(Option):
    """One word of a list, or several; it says nothing where the parameter `unless` takes its place."""

    def define(self):
        return QgsProcessingParameterEnum(
            self.name,
            self.label,
            self.more["choices"],
            self.more.get("several", False),
            self.more.get("default"),
            self.optional,
            True,
        )

    def words(self, ask):
        if ask.given(self.more.get("unless")):
            return []
        chosen = ask.words(self.name)
        return [self.flag + ",".join(chosen)] if self.flag and chosen else []


class Day(Option):
    """A date."""

    def define(self):
        day = QgsProcessingParameterDateTime.Type.Date
        return QgsProcessingParameterDateTime(self.name, self.label, day, None, self.optional)

    def values(self, ask):
        return [ask.day(self.name)]


class Box(Option):
    """A rectangle on the map."""

    def define(self):
        return QgsProcessingParameterExtent(self.name, self.label, optional=self.optional)

    def values(self, ask):
        box = ask.box(self.name)
        edges = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
        return [] if box.isNull() else [",".join(f"{edge:.12g}" for edge in edges)]


class Place(Option):
    """A position on the map."""

    def define(self):
        return QgsProcessingParameterPoint(self.name, self.label, optional=self.optional)

    def values(self, ask):
        point = ask.point(self.name)
        return [f"{point.x():.12g},{point.y():.12g}"]


class Fields(Option):
    """Attributes of another parameter's layer."""

    def define(self):
        return QgsProcessingParameterField(
            self.name, self.label, parentLayerParameterName=self.more["of"], allowMultiple=True, optional=self.optional
        )

    def values(self, ask):
        return [",".join(ask.fields(self.name))]


class ColumnMap(Option):
    """Which attribute holds what: rows of a setting and its value. They become a file, since names may hold any sign."""

    SWITCHES = ("true", "false")

    def define(self):
        return QgsProcessingParameterMatrix(
            self.name, self.label, 0, False, ["Setting, such as sites.name", "Attribute or value"], None, self.optional
        )

    def values(self, ask):
        sections = {}
        for setting, value in ask.rows(self.name, 2):
            section, dot, key = setting.partition(".")
            if not (section and dot and key):
                raise QgsProcessingException(f"Column map: {setting!r} is no setting; write one such as incidents.date")
            sections.setdefault(section, {})[key] = value
        if not sections:
            return []
        lines = []
        for section, keys in sections.items():
            lines.append(f"[{json.dumps(section)}]")
            lines += [f"{json.dumps(key)} = {self.written(value)}" for key, value in keys.items()]
        path = layers_in.unused(ask.folder, "columns", "toml")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return [path]

    def written(self, value):
        """A value as TOML has it."""
        return value if value in self.SWITCHES else json.dumps(value, ensure_ascii=False)


class Extra(Option):
    """Further words of the command line, as they are."""

    def define(self):
        return QgsProcessingParameterString(self.name, self.label, None, optional=True)

    def words(self, ask):
        return shlex.split(ask.text(self.name)) if ask.given(self.name) else []
