"""hummingbot is imported here first: its modules use what pydantic warns of, which is an error in tests."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import hummingbot.client.config.config_helpers
    import hummingbot.connector.markets_recorder  # noqa: F401
