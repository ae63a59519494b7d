"""The version of this package, and the releases of ccxt that it works with."""

__version__ = "0.1.0"

# The oldest supported release of ccxt, as in setup.cfg, and the newest one that the tests have run on.
CCXT_OLDEST = "4.5.28"
CCXT_NEWEST = "4.5.90"

# What venues and the parts that they are built from have agreed on. A class says which one it was built for.
CONTRACT = 1
