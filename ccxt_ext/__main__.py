"""Runs the command line: `python -m ccxt_ext`."""

import sys

from ccxt_ext.cli import main

sys.exit(main())
