"""The modules of hummingbot's that the import hook extends."""

PACKAGE = "hummingbot.connector"
SETTINGS = "hummingbot.client.settings"
CANDLES = "hummingbot.data_feed.candles_feed.candles_factory"
