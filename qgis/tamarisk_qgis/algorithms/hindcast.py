"""Compares scores as of past days with what happened after each."""

from pathlib import Path

from qgis.core import QgsProcessingOutputFile, QgsProcessingOutputHtml

from ..options import Day, Switch, Text
from ..parameters import COVERAGE, INCIDENTS_NEEDED, MORE_INCIDENTS, READING, SCHEME, SITES
from .base import Tool
from .score import destination


class Hindcast(Tool):
    """`tamarisk hindcast`"""

    NAME = "hindcast"
    TITLE = "Compare past scores with what followed"
    HELP = (
        "<p>Scores the sites as of past days, knowing only what had been reported by then, and compares the scores with the "
        "incidents of the year after each. The page says how well the scores tell which sites had incidents near them, with "
        "intervals, beside simple counting.</p>"
        "<p>Needs several years of incidents. Every measure is in <i>hindcast.csv</i>, every score in <i>predictions.csv</i>.</p>"
    )
    OPTIONS = (
        SITES,
        INCIDENTS_NEEDED,
        *MORE_INCIDENTS,
        *SCHEME,
        COVERAGE,
        Day("FROM", "First day as of which sites are scored", "--from="),
        Day("TO", "Last day as of which sites are scored", "--to="),
        Text("EVERY", "Time between these days", "--every=", default="1y"),
        Text("WITHIN", "Distances within which an incident counts", "--within=", default="25km,50km"),
        Text("HORIZON", "Days after, within which an incident counts", "--horizon=", default="365d"),
        Text("MIN_DEATHS", "Least deaths of an incident that counts", "--min-deaths=", default="0"),
        Switch("CALIBRATE", "Fit the probability of an event to the scores", "--calibrate"),
        *READING,
    )
    OUTPUTS = (
        destination,
        lambda: QgsProcessingOutputHtml("HTML", "Comparison"),
        lambda: QgsProcessingOutputFile("MEASURES", "Measures"),
        lambda: QgsProcessingOutputFile("CALIBRATION", "Calibration"),
    )

    def answer(self, ask, words):
        folder = Path(ask.output("FOLDER"))
        ran = self.perform(ask, "hindcast", [*words, f"--output={folder}"])
        if ran is None:
            return {}
        for line in ran.text().splitlines():
            ask.feedback.pushConsoleInfo(line)
        written = {"HTML": "hindcast.html", "MEASURES": "hindcast.csv", "CALIBRATION": "calibration.toml"}
        found = {name: folder / file for name, file in written.items()}
        return {"FOLDER": str(folder), **{name: str(path) for name, path in found.items() if path.exists()}}
