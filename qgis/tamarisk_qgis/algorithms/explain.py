"""Breaks the scores of a site, or of any position, down."""

from pathlib import Path

from qgis.core import QgsProcessingException, QgsProcessingParameterFileDestination

from .. import page
from ..options import Place, Text
from ..parameters import INPUTS, RULES, UNCERTAINTY
from .base import Tool


class Explain(Tool):
    """`tamarisk explain` of a site, `tamarisk risk` of a position"""

    NAME = "explain"
    TITLE = "Explain a score"
    HELP = (
        "<p>Breaks the scores of a site down: every incident with its share of the security score, every indicator of the "
        "environment score with what it is known from, and what is not known.</p>"
        "<p>Give a site by its id or name, or a position on the map.</p>"
        "<p><i>What if</i>: leave out incidents by their ids, or add one.</p>"
    )
    OPTIONS = (
        Text("SITE", "Site, by id or name"),
        Place("POINT", "Position, instead of a site", "--at="),
        Text("WITHOUT", "What if these incidents, by id, had not happened", "--without=", advanced=True),
        Text("ADD", "What if this incident had happened: lon,lat,type,deaths,date", "--add=", advanced=True),
        *INPUTS,
        *RULES,
        UNCERTAINTY,
    )
    OUTPUTS = (
        lambda: QgsProcessingParameterFileDestination("HTML", "Explanation", "HTML files (*.html)"),
        lambda: QgsProcessingParameterFileDestination("JSON", "Explanation as data", "JSON files (*.json)", None, True, False),
    )

    def answer(self, ask, words):
        if ask.given("SITE") == ask.given("POINT"):
            raise QgsProcessingException("Give either a site or a position.")
        command, what = ("risk", []) if ask.given("POINT") else ("explain", ["--", ask.text("SITE")])
        told = self.perform(ask, command, [*words, *what])
        if told is None:
            return {}
        outputs = {"HTML": ask.output("HTML")}
        page.write(outputs["HTML"], ask.text("SITE") or "Risk at a position", page.text(told.text()))
        if ask.given("JSON"):
            data = self.perform(ask, command, [*words, "--json", *what])
            if data is None:
                return {}
            outputs["JSON"] = ask.output("JSON")
            Path(outputs["JSON"]).write_bytes(data.out)
        return outputs
