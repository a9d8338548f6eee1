"""Packs the QGIS plugin into a zip that QGIS installs: the same sources make the same bytes anywhere.

python3 scripts/qgis_zip.py [FOLDER]     by default out; prints the path of the zip
"""

import re
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = ROOT / "qgis" / "tamarisk_qgis"
# Nothing that runs but Python: no binary is part of a plugin.
KINDS = {".py", ".svg", ".txt"}
LICENSES = {"LICENSE": "LICENSE-MIT", "LICENSE-APACHE": "LICENSE-APACHE"}


def contents(version):
    """Path in the zip and bytes of each file, in order."""
    for path in sorted(PLUGIN.rglob("*"), key=lambda path: path.relative_to(PLUGIN).as_posix()):
        if path.suffix in KINDS:
            text = path.read_text(encoding="utf-8")
            if path.name == "metadata.txt":
                text = re.sub(r"(?m)^version=.*$", f"version={version}", text)
            yield f"{PLUGIN.name}/{path.relative_to(PLUGIN).as_posix()}", text.encode("utf-8")
    for name, source in LICENSES.items():
        yield f"{PLUGIN.name}/{name}", (ROOT / source).read_bytes()


def main(folder):
    """Writes the zip of the crate's version."""
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    version = re.search(r'(?m)^version = "([^"]+)"', manifest)[1]
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"tamarisk-qgis-{version}.zip"
    # Stored, since what a compressor makes of the same bytes depends on its version.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for name, content in contents(version):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, content)
    print(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "out")
