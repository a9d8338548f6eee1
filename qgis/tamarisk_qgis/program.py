"""Finding the program: in the setting, as a package of QGIS's Python, in PATH."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import settings

# The oldest program that knows all options used here.
NEEDED = (0, 1, 0)

# How long a program may take to say its version.
PATIENCE_S = 20

NOT_FOUND = "The program Tamarisk was not found in QGIS's Python or in PATH."

HOW_TO_GET_IT = (
    "Install it with `python3 -m pip install tamarisk` in the Python that QGIS uses, or download the program and type "
    "its path in Settings > Options > Processing > Providers > Tamarisk."
)

# Where installers put programs that windows, unlike shells, do not find in PATH.
FOLDERS = ("~/.cargo/bin", "~/.local/bin", "/usr/local/bin", "/opt/homebrew/bin")

# What QGIS sets for itself: the program has its own reference systems and needs no Python.
OF_PROJ = ("PROJ_DATA", "PROJ_LIB")
OF_PYTHON = ("PYTHONHOME", "PYTHONPATH")

# No window of a console flashes up on Windows.
QUIETLY = {"creationflags": subprocess.CREATE_NO_WINDOW} if os.name == "nt" else {}


class Missing(Exception):
    """No program, or none that can be used; its text says why and what to do."""


class Program:
    """A program that was found: the words that start it."""

    def __init__(self, words):
        self.words = list(words)

    def environment(self):
        """The variables that it runs under."""
        kept = {key: value for key, value in os.environ.items() if key not in OF_PROJ}
        if self.words[1:2] != ["-m"]:
            return {key: value for key, value in kept.items() if key not in OF_PYTHON}
        # Python itself may need them; only what leads to plugins is left out.
        if "PYTHONPATH" in kept:
            paths = kept["PYTHONPATH"].split(os.pathsep)
            kept["PYTHONPATH"] = os.pathsep.join(path for path in paths if "plugins" not in Path(path).parts)
        return kept

    def version(self):
        """Its version as numbers, or None if it is not Tamarisk; OSError if it cannot be started."""
        done = subprocess.run(
            [*self.words, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            env=self.environment(),
            # Python looks for modules where it is started.
            cwd=Path(sys.exec_prefix),
            check=False,
            **QUIETLY,
        )
        said = re.match(rb"tamarisk (\d+)\.(\d+)\.(\d+)", done.stdout)
        return tuple(map(int, said.groups())) if said and done.returncode == 0 else None

    def why_not(self):
        """Why it cannot be used, or None."""
        try:
            version = self.version()
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            return f"cannot be started: {error}"
        if version is None:
            return "no Tamarisk, or one that does not work"
        if version < NEEDED:
            return f"version {dotted(version)}, but {dotted(NEEDED)} or later is needed"
        return None


def dotted(version):
    """A version as people write it."""
    return ".".join(map(str, version))


def interpreters():
    """QGIS's Python: `sys.executable` is QGIS itself on Windows and macOS."""
    if Path(sys.executable or "").stem.lower().startswith("python"):
        yield Path(sys.executable)
    for prefix in dict.fromkeys((sys.exec_prefix, sys.base_exec_prefix)):
        for name in ("python3.exe", "python.exe", "bin/python3"):
            yield Path(prefix) / name


def candidates():
    """Every program that might be meant where none is set, in the order in which they are tried."""
    tried = (path for path in interpreters() if path.is_file())
    for interpreter in list(tried)[:1]:
        yield Program([str(interpreter), "-m", "tamarisk"])
    on_path = shutil.which("tamarisk")
    if on_path:
        yield Program([on_path])
    for folder in FOLDERS:
        there = shutil.which("tamarisk", path=os.path.expanduser(folder))
        if there and there != on_path:
            yield Program([there])


def typed(text):
    """The program of a path that was typed: of a file, of the folder that holds it, or of a command."""
    path = os.path.expanduser(text)
    inside = shutil.which("tamarisk", path=path) if os.path.isdir(path) else None
    return Program([inside or shutil.which(path) or path])


# The program found last, and the setting that led to it.
_found = {}


def find():
    """The program to run; `Missing` if there is none. What is set must work, nothing else takes its place."""
    text = settings.program()
    if text in _found and os.path.exists(_found[text].words[0]):
        return _found[text]
    _found.clear()
    if text:
        program = typed(text)
        why = program.why_not()
        if why:
            raise Missing(f"The program set for Tamarisk, {text}, cannot be used: {why}.\n{HOW_TO_GET_IT}")
        _found[text] = program
        return program
    tried = []
    for program in candidates():
        why = program.why_not()
        if why is None:
            _found[text] = program
            return program
        tried.append(f"{' '.join(program.words)}: {why}.")
    raise Missing("\n".join([NOT_FOUND, *tried, HOW_TO_GET_IT]))
