"""Other processes and threads: fork, spawn, forkserver, many at once, and Python running beside the work."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time

import pytest

import tamarisk
from cases import AS_OF, INCIDENTS, RECEPTORS, SITES

METHODS = multiprocessing.get_all_start_methods()
# A fork while threads run is what is tried here; Python 3.12 and later warn of it.
QUIET = {"PYTHONWARNINGS": "ignore::DeprecationWarning"}

# Each body runs in a process of its own, so that one that hangs is ended by a time limit.
CHILD = '''
import multiprocessing, os, sys, threading, time
import tamarisk

sites, incidents, method, *large = sys.argv[1:]
context = multiprocessing.get_context(method)

def scores(_=0):
    return tamarisk.score(sites, incidents).sites.__geo_interface__["features"]

def main():
'''


def in_a_process(body, tmp_path, method, *large, timeout=100):
    script = tmp_path / "child.py"
    lines = [f"    {line}" for line in body.strip().splitlines()]
    script.write_text(CHILD + "\n".join(lines) + '\n\nif __name__ == "__main__":\n    main()\n')
    ran = subprocess.run(
        [sys.executable, script, SITES, INCIDENTS, method, *large],
        cwd=tmp_path, env={**os.environ, **QUIET}, capture_output=True, text=True, timeout=timeout,
    )
    assert ran.returncode == 0, f"{ran.returncode}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout.split()


@pytest.mark.parametrize("method", METHODS)
def test_a_child_after_a_call_in_the_parent(method, tmp_path):
    """The pool of threads of a parent is dead in a forked child; a child has its own."""
    body = """
before = scores()
with context.Pool(2) as pool:
    told = pool.map_async(scores, range(4)).get(timeout=60)
assert all(one == before for one in told)
assert scores() == before
print(len(before))
"""
    assert in_a_process(body, tmp_path, method) == ["45"]


@pytest.mark.parametrize("method", METHODS)
def test_a_child_before_any_call(method, tmp_path):
    body = """
with context.Pool(2) as pool:
    told = pool.map_async(scores, range(2)).get(timeout=60)
assert told[0] == told[1] == scores()
print(len(told[0]))
"""
    assert in_a_process(body, tmp_path, method) == ["45"]


needs_fork = pytest.mark.skipif("fork" not in METHODS, reason="this system does not fork")


@needs_fork
def test_an_engine_made_before_a_fork(tmp_path):
    """An engine is plain memory: a forked child asks it as its parent does."""
    body = """
engine = tamarisk.Engine(incidents, sites=sites)
def asked():
    return engine.risk((66.9, 30.1)), engine.score().sites.__geo_interface__
before = asked()
child = os.fork()
if child == 0:
    os._exit(0 if asked() == before else 3)
assert os.waitpid(child, 0)[1] == 0
assert asked() == before
print("same")
"""
    assert in_a_process(body, tmp_path, "fork") == ["same"]


@needs_fork
def test_a_fork_while_another_thread_works(tmp_path, large):
    """Nothing that the other thread holds is held forever in the child."""
    body = """
before = scores()
worker = threading.Thread(target=lambda: tamarisk.score(*large))
worker.start()
time.sleep(0.5)
assert worker.is_alive()
child = os.fork()
if child == 0:
    os._exit(0 if scores() == before else 3)
assert os.waitpid(child, 0)[1] == 0
worker.join()
print("same")
"""
    assert in_a_process(body, tmp_path, "fork", *large) == ["same"]


def test_python_runs_beside_the_work(large):
    """The lock of the interpreter is free: another thread counts while the work runs."""
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    counter = threading.Thread(target=tick)
    counter.start()
    began = time.monotonic()
    tamarisk.score(*large)
    took = time.monotonic() - began
    done.set()
    counter.join()
    assert took > 0.5, "too quick to tell"
    assert len(ticks) > 50 * took
    gaps = [after - before for before, after in zip(ticks, ticks[1:])]
    assert max(gaps) < 0.5


def test_many_threads_ask_one_engine():
    engine = tamarisk.Engine(INCIDENTS, RECEPTORS, sites=SITES, as_of=AS_OF)
    places = [(61.0 + at, 28.5) for at in range(8)]
    alone = [(engine.risk(place).json, engine.near(place, k=3).json) for place in places]
    whole = engine.score().sites.__geo_interface__
    told, failed = {}, []

    def ask(at):
        try:
            told[at] = (engine.risk(places[at]).json, engine.near(places[at], k=3).json)
            assert engine.score().sites.__geo_interface__ == whole
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(len(places))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert [told[at] for at in range(len(places))] == alone


def test_progress_tells_stages(large):
    """Called from the thread that waits, a few times a second, never backwards."""
    told = []
    caller = threading.get_ident()

    def progress(stage, done, total):
        assert threading.get_ident() == caller
        told.append((time.monotonic(), stage, done, total))

    tamarisk.score(*large, progress=progress)
    assert told
    assert all(isinstance(stage, str) and stage and done >= 0 for _, stage, done, _ in told)
    assert all(total is None or done <= total for _, _, done, total in told)
    for (_, stage, done, _), (_, next_stage, next_done, _) in zip(told, told[1:]):
        assert next_stage != stage or next_done >= done
    spent = told[-1][0] - told[0][0]
    stages = len({stage for _, stage, _, _ in told})
    assert len(told) <= 10 * spent + 2 * stages + 2
    assert len({stage for _, stage, _, _ in told}) > 1


def test_progress_that_fails_ends_the_call(large):
    class Enough(Exception):
        pass

    def progress(stage, done, total):
        raise Enough

    began = time.monotonic()
    with pytest.raises(Enough):
        tamarisk.score(*large, threads=1, progress=progress)
    assert time.monotonic() - began < 3.0
    assert len(tamarisk.demo().sites) == 45


def test_progress_by_tqdm(capfd):
    pytest.importorskip("tqdm")
    tamarisk.score(SITES, INCIDENTS, progress=True)
    assert capfd.readouterr().out == ""


def test_nothing_is_printed(capfd):
    tamarisk.score(SITES, INCIDENTS, RECEPTORS)
    told = capfd.readouterr()
    assert told.out == "" and told.err == ""
