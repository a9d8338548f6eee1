"""The Python blocks of a document, in the order in which a reader meets them."""

import importlib.util
import re
from pathlib import Path
from typing import NamedTuple

import pytest

FENCE = re.compile(r"(?:^<!-- needs: (?P<needs>[^>]*?) -->\n)?^```python\n(?P<code>.*?)^```$", re.M | re.S)


class Block(NamedTuple):
    """A block: the line where it begins, what it needs beside the package, its text."""

    line: int
    needs: tuple
    code: str


def blocks(path):
    """All of a document. `<!-- needs: ray -->` on the line before a block names what else it needs."""
    text = Path(path).read_text(encoding="utf-8")
    found = [
        Block(text.count("\n", 0, block.start("code")) + 1, tuple((block["needs"] or "").split()), block["code"])
        for block in FENCE.finditer(text)
    ]
    assert len(found) == text.count("```python"), f"{path}: a block that no test would run"
    return found


def missing(needs):
    """Those libraries that are not installed."""
    return [name for name in needs if importlib.util.find_spec(name) is None]


def run(block, names, document):
    """Runs a block with the names that those before it have left; where it fails, the line of the document is told."""
    lacking = missing(block.needs)
    if lacking:
        pytest.skip(f"{', '.join(lacking)} not installed")
    exec(compile("\n" * (block.line - 1) + block.code, str(document), "exec"), names)
