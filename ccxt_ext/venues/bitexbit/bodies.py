"""Bodies of bitexbit's requests, in JSON."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt.base.exchange import Exchange

JSON = "application/json; charset=utf-8"


class NumberText(str):
    """A number's text, which stands in JSON without quotes."""


def json_text(exchange: Exchange, value: Any) -> str:
    """JSON without blanks, whose numbers have no exponent."""
    if isinstance(value, NumberText):
        return str(value)
    if isinstance(value, Mapping):
        members = (f"{json.dumps(key)}:{json_text(exchange, item)}" for key, item in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(json_text(exchange, item) for item in value) + "]"
    if isinstance(value, float):
        return exchange.number_to_string(value)
    return json.dumps(str(value) if isinstance(value, Decimal) else value)
