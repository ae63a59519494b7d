"""Markets as bitmart2 lists them."""

from typing import Any


def listing(id: str = "BMX_ETH", **changes: Any) -> dict[str, Any]:
    base, quote = id.split("_")
    return {
        "id": id,
        "base_currency": base,
        "quote_currency": quote,
        "quote_increment": "0.01",
        "base_min_size": "0.01",
        "base_max_size": "100",
        "price_min_precision": 6,
        "price_max_precision": 8,
        "expiration": "NA",
        **changes,
    }
