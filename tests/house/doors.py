"""Imports that may close a circle, or that no reader of the source can follow; each with its reason."""

# (importer, imported): inside functions alone.
LAZY: dict[tuple[str, str], str] = {}

# Modules that import others by names that are put together while they run.
BY_NAME = {
    "ccxt_ext": "asynchronous and streaming classes are imported when they are first asked for",
    "ccxt_ext.hook": "waits until another thread has imported ccxt",
    "ccxt_ext.hook.modules": "what simulates exchanges of ccxt's own, where a program has such",
    "ccxt_ext.hook.loading": "ccxt's own modules, which are imported by then or asked for",
    "ccxt_ext.integrations.hummingbot.finder": "the class of a connector, of spot markets or perpetuals",
    "ccxt_ext.integrations.hummingbot.fit": "classes are compared with hummingbot's, once it is imported",
    "ccxt_ext.integrations.hummingbot.settings": "modules under hummingbot's own names",
    "ccxt_ext.plugins.registry": "a class is imported when its id is first asked for",
    "ccxt_ext.testing": "its names are imported when they are first asked for, as some need ccxt",
    "ccxt_ext.testing.conformance.listing": "modules that a profile names, whose pages are made small",
}

# Private names of others that are used all the same.
PRIVATE = {
    "ccxt_ext.integrations.hummingbot.candles: module.CandlesFactory._candles_map": "hummingbot's own list",
    "ccxt_ext.testing.bots.hours.stuck: sys._current_frames": "where a bot is, for who looks from elsewhere",
    "ccxt_ext.venue.streams.books: side._index": "where ccxt's own books keep the prices that they search",
}
