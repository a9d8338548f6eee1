"""The command line program ``tamarisk``, which is in the extension module."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line of this process and return its exit code."""
    from tamarisk import _tamarisk

    return _tamarisk.main(["tamarisk", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
