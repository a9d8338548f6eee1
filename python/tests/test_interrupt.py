"""Ctrl-C: a call ends within a second, leaves nothing behind, and the process goes on."""

import signal
import subprocess
import sys
import time

import pytest

import tamarisk
from cases import files, python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that one process sends itself")

# The signal comes while the work runs: the child sends it to itself, so that the time between is its own.
CHILD = """
import os, signal, sys, threading, time
import tamarisk

assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
sites, incidents, folder, wait, work = sys.argv[1:6]
sent = []

def interrupt():
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)

def ready(wait):
    threading.Timer(wait, interrupt).start()

def score():
    ready(float(wait))
    tamarisk.score(sites, incidents, threads=1)

def index():
    ready(float(wait))
    tamarisk.Engine(incidents, threads=1).risk((66.9, 30.1))

def write():
    result = tamarisk.score(sites, incidents)
    ready(float(wait))
    result.write(folder, layers=["sites", "rings", "links", "incidents"], formats=["geojson", "fgb"], replace=True)

def write_again():
    tamarisk.demo().write(folder, replace=True)
    write()

try:
    globals()[work]()
except KeyboardInterrupt:
    took = time.monotonic() - sent[0]
else:
    sys.exit("it ended before it was interrupted")
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
print(took)
print(len(tamarisk.demo().sites))
"""


def interrupted(work, large, folder, wait):
    sites, incidents = large
    told = python(CHILD, sites, incidents, folder, wait, work, cwd=folder.parent, timeout=120)
    took, scored = told.split()
    assert float(took) < 1.0
    assert scored == "45"


@pytest.mark.parametrize("wait", [0.02, 0.5, 1.2])
def test_while_scoring(wait, large, tmp_path):
    interrupted("score", large, tmp_path / "out", wait)
    assert not (tmp_path / "out").exists()


def test_while_an_engine_is_made(large, tmp_path):
    interrupted("index", large, tmp_path / "out", 0.3)


def test_while_writing(large, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    interrupted("write", large, folder, 0.2)
    assert files(folder) == {"mine.txt": b"mine"}


def test_while_writing_over_an_earlier_run(large, tmp_path):
    """What stood there stands there still, whole."""
    tamarisk.demo().write(tmp_path / "as it was")
    interrupted("write_again", large, tmp_path / "out", 0.2)
    assert files(tmp_path / "out") == files(tmp_path / "as it was")


def test_the_command_line_ends_too(large, tmp_path):
    """`python -m tamarisk` has the program's own handling of signals: exit code 130, nothing written."""
    sites, incidents = large
    running = subprocess.Popen(
        [sys.executable, "-m", "tamarisk", "score", "-s", sites, "-i", incidents, "--threads", "1", "-q", "-o", "out"],
        cwd=tmp_path,
    )
    try:
        time.sleep(1.0)
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 130
    finally:
        running.kill()
    assert files(tmp_path / "out") == {}


def test_a_handler_of_ones_own_is_heeded(large, tmp_path):
    """A program that has its own handler gets its own exception."""
    told = python(
        """
import os, signal, sys, threading, tamarisk
class Stop(Exception): pass
def stop(*_): raise Stop()
signal.signal(signal.SIGUSR1, stop)
threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGUSR1)).start()
try:
    tamarisk.score(sys.argv[1], sys.argv[2], threads=1)
except Stop:
    print("stopped")
""",
        *large,
        cwd=tmp_path,
    )
    assert told.strip() == "stopped"

