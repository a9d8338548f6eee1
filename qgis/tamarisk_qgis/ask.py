"""What a user asks of an algorithm: the values of its parameters, in one run."""

import tempfile
from pathlib import Path

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsProcessingException,
    QgsProcessingParameterRasterDestination,
    QgsProcessingUtils,
)

from .layers_in import DEGREES


class Ask:
    """One run of an algorithm with a program. Its `folder` holds what the program reads; QGIS removes it when it closes."""

    def __init__(self, algorithm, program, parameters, context, feedback):
        self.algorithm = algorithm
        self.program = program
        self.parameters = parameters
        self.context = context
        self.feedback = feedback
        self.degrees = QgsCoordinateReferenceSystem(DEGREES)
        self.folder = Path(tempfile.mkdtemp(prefix="tamarisk-", dir=QgsProcessingUtils.tempFolder()))

    def given(self, name):
        """Whether the user set a parameter."""
        value = self.parameters.get(name)
        return value is not None and value != "" and value != []

    def source(self, name):
        """A layer, with its selection; None if there is none."""
        found = self.algorithm.parameterAsSource(self.parameters, name, self.context)
        if found is None and self.given(name):
            raise QgsProcessingException(self.algorithm.invalidSourceError(self.parameters, name))
        return found

    def layers(self, name):
        """Several layers, whole."""
        return self.algorithm.parameterAsLayerList(self.parameters, name, self.context) or []

    def layer(self, name):
        """One layer, whole."""
        return self.algorithm.parameterAsLayer(self.parameters, name, self.context)

    def text(self, name):
        """A text without blanks around it."""
        return self.algorithm.parameterAsString(self.parameters, name, self.context).strip()

    def file(self, name):
        """The path of a file to read."""
        return self.algorithm.parameterAsFile(self.parameters, name, self.context)

    def number(self, name):
        """A number."""
        return self.algorithm.parameterAsDouble(self.parameters, name, self.context)

    def switch(self, name):
        """Whether a box is ticked."""
        return self.algorithm.parameterAsBoolean(self.parameters, name, self.context)

    def words(self, name):
        """The choices of a list, of which one or several can be chosen."""
        words = self.algorithm.parameterAsEnumStrings(self.parameters, name, self.context)
        return [word for word in words if word]

    def fields(self, name):
        """Names of attributes. QGIS before 3.32 has another call for them."""
        call = getattr(self.algorithm, "parameterAsStrings", None) or self.algorithm.parameterAsFields
        return call(self.parameters, name, self.context)

    def rows(self, name, width):
        """The rows of a table that is typed; empty ones are left out, cells that were never typed are empty."""
        typed = self.algorithm.parameterAsMatrix(self.parameters, name, self.context)
        cells = ["" if cell in (None, NULL) else str(cell).strip() for cell in typed]
        cells += [""] * (-len(cells) % width)
        rows = (cells[at : at + width] for at in range(0, len(cells), width))
        return [row for row in rows if any(row)]

    def day(self, name):
        """A date, YYYY-MM-DD; empty if there is none."""
        moment = self.algorithm.parameterAsDateTime(self.parameters, name, self.context)
        return moment.date().toString("yyyy-MM-dd") if moment.isValid() else ""

    def point(self, name):
        """A position in degrees."""
        return self.algorithm.parameterAsPoint(self.parameters, name, self.context, self.degrees)

    def box(self, name):
        """A rectangle in degrees."""
        return self.algorithm.parameterAsExtent(self.parameters, name, self.context, self.degrees)

    def sink(self, name, fields, wkb):
        """Where features go, and how QGIS names it; None if they are not wanted."""
        sink, destination = self.algorithm.parameterAsSink(self.parameters, name, self.context, fields, wkb, self.degrees)
        if sink is None and destination:
            raise QgsProcessingException(self.algorithm.invalidSinkError(self.parameters, name))
        return sink, destination

    def output(self, name):
        """The path of a file or folder to write; empty if it is not wanted."""
        definition = self.algorithm.parameterDefinition(name)
        if isinstance(definition, QgsProcessingParameterRasterDestination):
            return self.algorithm.parameterAsOutputLayer(self.parameters, name, self.context)
        return self.algorithm.parameterAsFileOutput(self.parameters, name, self.context)
