from tests.ccxt_suite.ccxt_copy import INSTALLED

# Older releases of ccxt come without the tests of exchanges, so there is nothing that could be run.
collect_ignore = [] if (INSTALLED / "test" / "exchange").is_dir() else ["test_live.py", "test_live_pro.py"]
