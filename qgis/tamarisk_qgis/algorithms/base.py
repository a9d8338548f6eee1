"""What all tools have in common: parameters become a command, the program runs, its answer becomes outputs."""

from pathlib import Path

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtGui import QIcon

from .. import runner
from ..ask import Ask
from ..parameters import EXTRA
from ..program import Missing, find

ICON = str(Path(__file__).parent.parent / "icon.svg")

GROUPS = {"maps": "Risk maps", "questions": "Questions", "data": "Data"}


class Tool(QgsProcessingAlgorithm):
    """A command of the program as an algorithm."""

    # Its name, which is the command's, its title and the group that it stands in.
    NAME = ""
    TITLE = ""
    GROUP = "questions"
    # What it does, in plain English.
    HELP = ""
    # The `Option`s, and definitions of outputs: functions, since QGIS owns what they make.
    OPTIONS = ()
    OUTPUTS = ()

    def createInstance(self):
        return type(self)()

    def name(self):
        return self.NAME

    def displayName(self):
        return self.TITLE

    def group(self):
        return GROUPS[self.GROUP]

    def groupId(self):
        return self.GROUP

    def shortHelpString(self):
        return self.HELP

    def icon(self):
        return QIcon(ICON)

    def svgIconPath(self):
        return ICON

    def initAlgorithm(self, configuration=None):
        for option in (*self.OPTIONS, EXTRA):
            self.addParameter(option.definition())
        for output in self.OUTPUTS:
            made = output()
            # Destinations are parameters too.
            (self.addParameter if hasattr(made, "defaultValue") else self.addOutput)(made)

    def canExecute(self):
        try:
            find()
        except Missing as error:
            return False, str(error)
        return True, ""

    def processAlgorithm(self, parameters, context, feedback):
        # What is missing is told before any layer is written.
        ask = Ask(self, found(), parameters, context, feedback)
        words = [word for option in (*self.OPTIONS, EXTRA) for word in option.words(ask)]
        return self.answer(ask, words)

    def perform(self, ask, command, words):
        """Runs a command; None if the user canceled it."""
        if ask.feedback.isCanceled():
            return None
        return runner.run(ask.program, [command, *words], ask.folder, ask.feedback)

    def answer(self, ask, words):
        """Runs the program and returns the outputs by name."""
        raise NotImplementedError


def found():
    """The program; a message of QGIS's own if there is none."""
    try:
        return find()
    except Missing as error:
        raise QgsProcessingException(str(error)) from error
