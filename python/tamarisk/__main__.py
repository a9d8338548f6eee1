"""``python -m tamarisk``: the command line program."""

from __future__ import annotations

import sys

from tamarisk._cli import main

sys.exit(main())
