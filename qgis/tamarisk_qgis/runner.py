"""Running the program: progress, messages and its end become QGIS's; a canceled run is stopped."""

import json
import os
import queue
import shlex
import signal
import subprocess
import threading
import time

from qgis.core import QgsProcessingException

from .program import QUIETLY

# How long a program that was asked to stop may take, in seconds, before it is killed.
GRACE_S = 5
LOOK_S = 0.1

# The program speaks of its own options.
OPTIONS = "Words such as --option stand for parameters of this tool, or go into Further options (under Advanced)."

DONE, PAST_LIMIT = 0, 1
INTERRUPTED = 130


class Ran:
    """A run that ended well: what it printed, and whether it went past a limit or found something."""

    def __init__(self, out, past_limit):
        self.out = out
        self.past_limit = past_limit

    def text(self):
        """What it printed, as text."""
        return self.out.decode("utf-8", "replace")

    def json(self):
        """What it printed, as data."""
        return json.loads(self.out)


class Listener:
    """What the program says on standard error, line by line."""

    def __init__(self, feedback):
        self.feedback = feedback
        self.stage = None
        self.error = None
        self.faults = 0
        self.said = []

    def hear(self, raw):
        """Takes a line."""
        text = raw.decode("utf-8", "replace").rstrip()
        try:
            line = json.loads(text)
        except ValueError:
            line = None
        if not isinstance(line, dict):
            if text:
                # A library within the program, or a system that cannot start it.
                self.said.append(text)
                self.feedback.pushConsoleInfo(text)
        elif "stage" in line:
            self.advance(line)
        elif "note" in line:
            self.feedback.pushInfo(line["note"])
        elif "fault" in line:
            self.faults += 1
            self.feedback.reportError(line["fault"])
        elif "error" in line:
            self.error = line["error"]

    def advance(self, line):
        """Shows how far a stage has come."""
        if line["stage"] != self.stage:
            self.stage = line["stage"]
            self.feedback.setProgressText(self.stage.capitalize())
        if line["total"]:
            self.feedback.setProgress(100 * line["done"] / line["total"])

    def why(self, code):
        """The reason for an exit code, with what to do about it."""
        if self.error:
            hint = self.error.get("hint")
            told = self.error["message"] + (f"\nHint: {hint}" if hint else "")
            return f"{told}\n{OPTIONS}" if "--" in told else told
        if code == INTERRUPTED:
            return "The run was interrupted."
        last = "\n".join(self.said[-5:])
        return f"Tamarisk ended with exit code {code}. {last}".strip()


def shown(words):
    """A command as it would be typed."""
    return subprocess.list2cmdline(words) if os.name == "nt" else " ".join(map(shlex.quote, words))


def run(program, words, folder, feedback):
    """Runs the program in `folder` and returns a `Ran`, or None if the user canceled it.

    Raises `QgsProcessingException` with message and hint if it fails: a failed run is no success.
    """
    command = [*program.words, "--progress=json", *words]
    feedback.pushCommandInfo("Tamarisk command:")
    feedback.pushCommandInfo(shown(command))
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=program.environment(),
            cwd=folder,
            **QUIETLY,
        )
    except OSError as error:
        raise QgsProcessingException(f"The program {command[0]} cannot be started: {error}") from error
    listener = Listener(feedback)
    out = attend(process, listener, feedback)
    code = process.returncode
    if feedback.isCanceled():
        return None
    # What says no fault and ends with 1 is not Tamarisk: Python without the package, say.
    if code != DONE and not (code == PAST_LIMIT and listener.faults):
        raise QgsProcessingException(listener.why(code))
    return Ran(out, code == PAST_LIMIT)


def attend(process, listener, feedback):
    """Waits for the end of a process, hears what it says, and stops it if the user wants to. Returns what it printed."""
    lines, printed = queue.Queue(), []
    readers = [
        threading.Thread(target=lambda: [lines.put(line) for line in process.stderr], daemon=True),
        threading.Thread(target=lambda: printed.append(process.stdout.read()), daemon=True),
    ]
    for reader in readers:
        reader.start()
    asked_to_stop = None
    while any(reader.is_alive() for reader in readers) or not lines.empty():
        try:
            listener.hear(lines.get(timeout=LOOK_S))
        except queue.Empty:
            pass
        if asked_to_stop is None and feedback.isCanceled():
            asked_to_stop = time.monotonic()
            feedback.pushInfo("Stopping Tamarisk")
            stop(process)
        elif asked_to_stop is not None and time.monotonic() - asked_to_stop > GRACE_S:
            process.kill()
            break
    process.wait()
    for reader, stream in zip(readers, (process.stderr, process.stdout)):
        # What a killed program has started may still hold the other end.
        reader.join(LOOK_S)
        if not reader.is_alive():
            stream.close()
    return b"".join(printed)


def stop(process):
    """Asks a process to end: it tidies up and leaves nothing half written."""
    if os.name == "nt":
        # Without a console in common no signal reaches it; the next run sweeps what it leaves.
        process.terminate()
    else:
        process.send_signal(signal.SIGINT)
