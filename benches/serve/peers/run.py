"""Starts pygeoapi and tipg over a PostGIS with the points of a GeoJSON file. Prints a line with name, version and
address for each, and then `ready`. Ends them when its input is closed."""

import contextlib
import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "python/tests/postgis"))

from server import free_port, running  # noqa: E402

PROGRAMS = Path(sys.executable).parent
WORKERS = "2"


def load(points, address):
    """Writes the points into the table `points`, with the ids of the file."""
    import psycopg

    with psycopg.connect(address.geturl(), autocommit=True) as connection:
        connection.execute("create extension if not exists postgis")
    # The password is in the environment: arguments can be seen by all.
    subprocess.run(
        ["ogr2ogr", "-q", "-f", "PostgreSQL",
         f"PG:host={address.hostname} port={address.port} dbname={address.path[1:]} user={address.username}",
         points, "-nln", "points", "-lco", "GEOMETRY_NAME=geom", "-lco", "FID=id", "-preserve_fid",
         "--config", "PG_USE_COPY", "YES"],
        check=True, env={**os.environ, "PGPASSWORD": address.password}, stdout=sys.stderr,
    )
    with psycopg.connect(address.geturl(), autocommit=True) as connection:
        connection.execute("analyze points")


def described(port, address):
    """The settings of pygeoapi."""
    url = f"http://127.0.0.1:{port}"
    words = {name: "-" for name in (
        "name", "position", "address", "city", "stateorprovince", "postalcode", "country", "phone", "fax", "hours",
        "instructions", "role")}
    about = {"title": {"en": "Points"}, "description": {"en": "Points"}, "keywords": {"en": ["points"]}}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": url, "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8", "language": "en-US", "pretty_print": False,
            "limits": {"default_items": 1000, "max_items": 10000, "on_exceed": "throttle"},
            "map": {"url": f"{url}/{{z}}/{{x}}/{{y}}.png", "attribution": "-"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**about, "keywords_type": "theme", "terms_of_service": "-", "url": url},
            "license": {"name": "-", "url": url},
            "provider": {"name": "-", "url": url},
            "contact": {**words, "email": "points@localhost", "url": url},
        },
        "resources": {"points": {
            "type": "collection", **about, "links": [],
            "extents": {"spatial": {
                "bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
            "providers": [{
                "type": "feature", "name": "PostgreSQL", "table": "points", "id_field": "id", "geom_field": "geom",
                "data": {
                    "host": address.hostname, "port": address.port, "dbname": address.path[1:],
                    "user": address.username, "password": address.password, "search_path": ["public"]},
            }],
        }},
    }


@contextlib.contextmanager
def started(command, environment, log):
    """A server with its workers, in a group of processes of its own."""
    server = subprocess.Popen(
        command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        start_new_session=True,
    )
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def pygeoapi(place, address):
    """Its command and environment. JSON is YAML as well."""
    port = free_port()
    settings, interface = place / "pygeoapi.yml", place / "interface.yml"
    settings.touch(0o600)
    settings.write_text(json.dumps(described(port, address)))
    environment = {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(interface)}
    subprocess.run(
        [PROGRAMS / "pygeoapi", "openapi", "generate", settings, "--output-file", interface],
        check=True, env={**os.environ, **environment}, stdout=sys.stderr,
    )
    return port, [
        PROGRAMS / "gunicorn", "-w", WORKERS, "-b", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"], environment


def tipg(_place, address):
    """Its command and environment."""
    port = free_port()
    return port, [
        PROGRAMS / "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(port), "--workers", WORKERS,
        "--log-level", "error", "--no-access-log"], {"DATABASE_URL": address.geturl()}


def answers(port, collection):
    """Until a server answers with points, for a minute at most."""
    for _ in range(300):
        with contextlib.suppress(OSError, ValueError):
            url = f"http://127.0.0.1:{port}/collections/{collection}/items?limit=1"
            with urllib.request.urlopen(url, timeout=10) as answer:
                return len(json.load(answer)["features"]) == 1
        time.sleep(0.2)
    return False


def main(points):
    with contextlib.ExitStack() as stack:
        address = urlsplit(stack.enter_context(running()).replace("+psycopg", ""))
        load(points, address)
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tamarisk-peers-")))
        for server, collection in ((pygeoapi, "points"), (tipg, "public.points")):
            port, command, environment = server(place, address)
            name = server.__name__
            log = place / f"{name}.log"
            stack.enter_context(started(command, environment, stack.enter_context(log.open("wb"))))
            if answers(port, collection):
                print(name, importlib.metadata.version(name), f"127.0.0.1:{port}", flush=True)
            else:
                print(f"{name} does not answer:\n{log.read_text()[-2000:]}", file=sys.stderr)
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
