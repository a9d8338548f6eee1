"""Says what a layer is recognized as and what is wrong with it."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsWkbTypes,
)

from .. import layers_out, page
from ..options import Choice, Layer
from ..parameters import KINDS, READING
from .base import Tool

COLUMNS = ("place", "id", "field", "value", "why", "verdict", "code")


class Check(Tool):
    """`tamarisk check`"""

    NAME = "check"
    TITLE = "Check a layer"
    GROUP = "data"
    HELP = (
        "<p>Says what a layer or table is recognized as (sites, incidents or a kind of receptor), which records can be used, and "
        "what is wrong with the others: a row for each finding, with its place, its value and the reason.</p>"
        "<p>Records that cannot be used are counted and told of; the run does not fail because of them.</p>"
    )
    OPTIONS = (
        Layer("LAYER", "Layer or table", "", optional=False),
        Choice("ROLE", "Read it as; by default it is recognized", "--as=", choices=["sites", "incidents", *KINDS]),
        *READING,
    )
    OUTPUTS = (
        lambda: QgsProcessingParameterFeatureSink("FINDINGS", "Findings", QgsProcessing.SourceType.TypeVector),
        lambda: QgsProcessingParameterFileDestination("HTML", "Findings as a page", "HTML files (*.html)", None, True, True),
        lambda: QgsProcessingOutputNumber("N_READ", "Number of records read"),
        lambda: QgsProcessingOutputNumber("N_KEPT", "Number of records that can be used"),
        lambda: QgsProcessingOutputNumber("N_SET_ASIDE", "Number of records set aside"),
    )

    def answer(self, ask, words):
        ran = self.perform(ask, "check", [*words, "--json"])
        if ran is None:
            return {}
        checked = ran.json()[0]
        findings = checked["findings"]
        rows = layers_out.collection((None, {name: finding.get(name) for name in COLUMNS}) for finding in findings)
        destination, _ = layers_out.pour(rows, ask, "FINDINGS", QgsWkbTypes.Type.NoGeometry)
        html = ask.output("HTML")
        if html:
            page.write(html, checked["file"], body(checked))
        return {
            "FINDINGS": destination,
            "HTML": html,
            "N_READ": checked["read"],
            "N_KEPT": checked["kept"],
            "N_SET_ASIDE": checked["set_aside"],
        }


def body(checked):
    """The page of a layer that was checked."""
    facts = [
        ("recognized as", checked["kind"] or checked["role"]),
        ("layout", checked["layout"]),
        ("columns", ", ".join(checked["columns"])),
        ("records read", checked["read"]),
        ("records that can be used", checked["kept"]),
        ("records set aside", checked["set_aside"]),
    ]
    rows = [[finding.get(name) for name in COLUMNS] for finding in checked["findings"]]
    return page.table(("", ""), facts) + "<h2>Findings</h2>" + page.table(COLUMNS, rows)
