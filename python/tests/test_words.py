"""Hints of errors and findings speak of settings in Python's words."""

import inspect

import tamarisk
from tamarisk import _tamarisk

# A grid in a projected system needs PROJ, which the package does not have, so that no call can meet it.
NOT_MET = {"grid_crs"}


def keywords() -> set[str]:
    functions = [
        tamarisk.score,
        tamarisk.hindcast,
        tamarisk.Engine,
        tamarisk.Engine.corridor,
        tamarisk.Engine.explain,
        tamarisk.Engine.surface,
        tamarisk.Result.write,
    ]
    return {name for function in functions for name in inspect.signature(function).parameters}


def test_every_argument_that_a_hint_names_can_be_given():
    named = set(_tamarisk.parameters()) - NOT_MET
    assert len(named) > 30
    assert named <= keywords()


def test_settings_are_spelled_as_arguments():
    spelled = {
        "⟦crs=EPSG:32642⟧": 'crs="EPSG:32642"',
        "⟦map=sites.lat=Y,sites.lon=X⟧": 'columns={"sites.lat": "Y", "sites.lon": "X"}',
        "⟦map=FILE.toml⟧": 'columns="FILE.toml"',
        "⟦receptors=rivers=FILE⟧": 'receptors={"rivers": "FILE"}',
        "⟦complete=rivers,faults⟧": 'complete=["rivers", "faults"]',
        "⟦format=fgb⟧": 'formats=["fgb"]',
        "⟦bbox=60.8,26,70.3,31.5⟧": "bbox=(60.8, 26, 70.3, 31.5)",
        "⟦header_row=3⟧": "header_row=3",
        '⟦where=admin1 in "Sindh"⟧': 'where="admin1 in \\"Sindh\\""',
        "⟦replace⟧": "replace=True",
        "leave out ⟦-crs⟧": "leave out crs",
        "⟦from=2020-01-01⟧": 'from_="2020-01-01"',
    }
    for marked, text in spelled.items():
        assert _tamarisk.words(marked) == text


def test_no_setting_is_spelled_as_an_option():
    words = [*_tamarisk.parameters(), "map", "from", "format", "output", "all"]
    for word in words:
        for text in (f"⟦{word}⟧", f"⟦{word}=1⟧", f"⟦-{word}⟧", f"⟦~{word}=1⟧"):
            said = _tamarisk.words(text)
            assert "--" not in said
            assert "⟦" not in said or word in {"columns", "from_", "formats", "folder"}
