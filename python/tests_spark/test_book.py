"""The block of Spark in the book runs as it stands, in a folder with the files of the built-in example."""

import importlib.util
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = ROOT / "docs" / "book" / "notebook.md"


def blocks_of_documents():
    """The reader of documents of the other tests, whose folder is not on this path."""
    found = importlib.util.spec_from_file_location("blocks", ROOT / "python" / "tests" / "blocks.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_chapter(spark, tmp_path, monkeypatch, capsys):
    for path in (ROOT / "data" / "balochistan").iterdir():
        shutil.copy(path, tmp_path)
    documents = blocks_of_documents()
    found = [block for block in documents.blocks(CHAPTER) if "pyspark" in block.needs]
    assert len(found) == 1
    # Spark reads relative paths from where its session began.
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "chapter", "spark": spark}
    for name in ("sites.csv", "incidents.csv"):
        assert f'"{name}"' in found[0].code
    code = found[0].code.replace('csv("', f'csv("{tmp_path}/')
    documents.run(found[0]._replace(code=code), names, CHAPTER)
    assert names["scored"].count() == 45
    assert "only showing top 5 rows" in capsys.readouterr().out
