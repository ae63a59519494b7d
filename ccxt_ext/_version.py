__version__ = "0.1.0"

# Of ccxt: the oldest release that is supported, as in setup.cfg, and the newest that the tests have run on.
CCXT_OLDEST = "4.5.28"
CCXT_NEWEST = "4.5.90"
