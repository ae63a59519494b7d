"""Parses and writes JSON with orjson if it is installed. Older releases of ccxt do not require it."""

import json
from collections.abc import Callable
from typing import Any

loads: Callable[[str | bytes], Any]
dumps: Callable[[Any], bytes]


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


try:
    from orjson import dumps, loads
except ImportError:
    dumps, loads = _compact, json.loads
