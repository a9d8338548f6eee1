"""A PostgreSQL with PostGIS of its own: in a temporary folder, on loopback, on a free port, gone after the tests."""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path


def programs():
    """The folder of initdb and postgres, the newest that is installed."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: int(folder.parent.name), reverse=True,
    )
    assert folders, "no PostgreSQL: `make test-postgis` installs it"
    return folders[0]


def account():
    """PostgreSQL refuses to run as root; its own account then runs it."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise AssertionError("no account that could run PostgreSQL")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextlib.contextmanager
def running():
    """Starts a server with an empty database `risk`, gives its address, ends it."""
    with tempfile.TemporaryDirectory(prefix="tamarisk-postgis-") as place:
        place = Path(place)
        password = secrets.token_urlsafe(24)
        (place / "password").write_text(password)
        runs_as = account()
        if runs_as:
            for path in (place, place / "password"):
                os.chown(path, runs_as["user"], runs_as["group"])
        clean = {"cwd": place, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(place)}}
        subprocess.run(
            [programs() / "initdb", "-D", place / "data", "-U", "tester", "--auth=scram-sha-256",
             f"--pwfile={place / 'password'}", "--no-sync", "-E", "UTF8"],
            check=True, capture_output=True, timeout=120, **clean, **runs_as,
        )
        port = free_port()
        with (place / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs() / "postgres", "-D", place / "data", "-p", str(port), "-c", "listen_addresses=127.0.0.1",
                 "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "dynamic_shared_memory_type=mmap"],
                stdout=log, stderr=log, **clean, **runs_as,
            )
        try:
            address = f"postgresql://tester:{password}@127.0.0.1:{port}"
            wait_for(server, address, place / "log")
            yield address.replace("postgresql", "postgresql+psycopg") + "/risk"
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_for(server, address, log):
    """Until the server answers; then makes the database."""
    import psycopg

    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            connection = psycopg.connect(f"{address}/postgres", connect_timeout=5)
        except psycopg.OperationalError:
            time.sleep(0.1)
            continue
        connection.autocommit = True
        connection.cursor().execute("create database risk")
        connection.close()
        return
    raise AssertionError(f"PostgreSQL does not answer:\n{log.read_text()}")
