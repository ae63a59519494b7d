"""A list of an account's trades ends with its first page, where nobody has asked for a limit."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "10.6"
PAGE = 50


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def fetch_my_trades(
            self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
        ) -> Any:
            return super().fetch_my_trades(symbol, since, limit or PAGE, params)

    return Mistaken


PROFILE = planted("planted10", mistaken, like="bitmart2")
