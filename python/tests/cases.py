"""What many tests stand on: the files of the built-in example, the program of the installed wheel, folders compared."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data" / "balochistan"
AS_OF = "2026-01-31"

SITES = DATA / "sites.csv"
LINKED = DATA / "linked_assets.geojson"
INCIDENTS = DATA / "incidents.csv"
RECEPTORS = {
    "rivers": DATA / "rivers.geojson",
    "water_bodies": DATA / "water_bodies.geojson",
    "sensitive_areas": DATA / "protected_areas.csv",
    "settlements": DATA / "settlements.csv",
}


def command(*args, cwd=None, env=None):
    """Runs `python -m tamarisk ARGS`, in a folder where no source of the package lies."""
    return subprocess.run(
        [sys.executable, "-m", "tamarisk", *map(str, args)],
        cwd=cwd or tempfile.gettempdir(),
        env=env,
        capture_output=True,
        timeout=240,
    )


def answer(*args):
    """What the program prints where it succeeds, as bytes."""
    ran = command(*args)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


def given(sites=(SITES, LINKED), incidents=(INCIDENTS,), receptors=RECEPTORS):
    """Inputs as arguments of the program."""
    args = []
    for flag, paths in (("--sites", sites), ("--incidents", incidents)):
        for path in paths:
            args += [flag, path]
    for kind, paths in receptors.items():
        for path in paths if isinstance(paths, (list, tuple)) else [paths]:
            args += ["--receptors", f"{kind}={path}"]
    return args


def files(folder):
    """Every file below a folder: its path there, and its bytes."""
    folder = Path(folder)
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def assert_same_files(ours, theirs):
    """Both folders hold the same files, byte for byte."""
    ours, theirs = files(ours), files(theirs)
    assert ours.keys() == theirs.keys()
    assert ours, "nothing was written"
    for name, written in ours.items():
        assert_same_bytes(name, written, theirs[name])


def assert_same_bytes(name, ours, theirs):
    """Says where two files part."""
    if ours == theirs:
        return
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    near = slice(max(0, at - 80), at + 80)
    raise AssertionError(f"{name} differs at byte {at}:\nours   {ours[near]!r}\ntheirs {theirs[near]!r}")


def features(path_or_bytes):
    """The features of a GeoJSON file."""
    text = path_or_bytes if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).read_bytes()
    return json.loads(text)["features"]


def python(script, *args, cwd, timeout=120, env=None):
    """Runs a script in a fresh interpreter; the text that it prints. A child that hangs fails the test."""
    ran = subprocess.run(
        [sys.executable, "-c", script, *map(str, args)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert ran.returncode == 0, f"{ran.returncode}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout
