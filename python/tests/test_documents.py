"""docs/PYTHON.md, the chapter of the book on Python, the package's README and the notebook run as they stand."""

import inspect
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import tamarisk
from blocks import blocks, run
from cases import DATA, ROOT

GUIDE = ROOT / "docs" / "PYTHON.md"
CHAPTER = ROOT / "docs" / "book" / "notebook.md"
README = ROOT / "python" / "README.md"
NOTEBOOK = ROOT / "examples" / "quickstart.ipynb"


def of_document(path):
    """Its blocks but for those that other tests run, with a database or with Spark."""
    return [block for block in blocks(path) if not {"postgis", "pyspark"} & set(block.needs)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A reader's folder: the files that the guide names, which are those of the built-in example."""
    made = tmp_path_factory.mktemp("reader")
    for path in DATA.iterdir():
        shutil.copy(path, made)
    return made


@pytest.fixture(scope="module")
def chapter_names():
    """What the blocks of the chapter before have left."""
    return {"__name__": "chapter"}


@pytest.fixture(scope="module")
def names():
    """What the blocks before have left."""
    return {"__name__": "guide"}


@pytest.mark.parametrize("block", of_document(GUIDE), ids=lambda block: f"line {block.line}")
def test_the_guide(block, folder, names, monkeypatch):
    monkeypatch.chdir(folder)
    run(block, names, GUIDE)


@pytest.mark.parametrize("block", of_document(CHAPTER), ids=lambda block: f"line {block.line}")
def test_the_chapter(block, folder, chapter_names, monkeypatch):
    monkeypatch.chdir(folder)
    run(block, chapter_names, CHAPTER)


@pytest.mark.parametrize("block", of_document(README), ids=lambda block: f"line {block.line}")
def test_the_readme(block, folder, monkeypatch):
    monkeypatch.chdir(folder)
    run(block, {"__name__": "readme"}, README)


def test_the_guide_names_what_there_is():
    """Every argument and every method that the guide puts in code is in the package."""
    text = GUIDE.read_text(encoding="utf-8")
    known = set(inspect.signature(tamarisk.score).parameters)
    for name in re.findall(r"tamarisk\.(\w+)", text):
        assert hasattr(tamarisk, name) or name in ("spark", "toml"), name
    listed = re.search(r"<!-- arguments -->\n(.*?)\n\n", text, re.S)[1]
    cells = [line.split("|")[1] for line in listed.splitlines()[2:]]
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == known


def test_the_notebook(tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    # It is kept without what it prints, so that there is one truth.
    assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]
    ran = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    ran.execute()
    shown = [
        output.get("data", {})
        for cell in notebook.cells if cell.cell_type == "code"
        for output in cell.outputs
    ]
    told = "".join(output.text for cell in notebook.cells if cell.cell_type == "code"
                   for output in cell.outputs if output.output_type == "stream" and output.name == "stderr")
    assert told == "", told
    maps = [data["text/html"] for data in shown if "<svg" in data.get("text/html", "")]
    assert maps
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    assert any("%" in str(output) for output in last.outputs), "it ends with an explanation"
    assert (Path(tmp_path) / "out" / "sites.geojson").exists() or list(tmp_path.rglob("*.parquet"))
