import sys

from ccxt_ext.cli import main

sys.exit(main())
