"""Answers as pages of HTML for the results viewer."""

from html import escape
from pathlib import Path

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font-family: sans-serif; margin: 1.5em; }}
pre {{ font-size: 13px; line-height: 1.4; white-space: pre-wrap; }}
table {{ border-collapse: collapse; }}
td, th {{ border-bottom: 1px solid #ccc; padding: 2px 10px 2px 0; text-align: left; vertical-align: top; }}
</style></head><body><h1>{title}</h1>
{body}
</body></html>
"""


def write(path, title, body):
    """Writes a page with a body of HTML."""
    Path(path).write_text(PAGE.format(title=escape(title), body=body), encoding="utf-8")


def text(printed):
    """A text as it was printed."""
    return f"<pre>{escape(printed)}</pre>"


def table(names, rows):
    """A table; values that are None are empty."""
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    lines = "".join(
        "<tr>" + "".join(f"<td>{'' if value is None else escape(str(value))}</td>" for value in row) + "</tr>\n" for row in rows
    )
    return f"<table>\n<tr>{head}</tr>\n{lines}</table>"
