"""What an exchange of ccxt's can do, as far as hummingbot asks for it."""

from __future__ import annotations

import inspect
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

from hummingbot.core.data_type.common import OrderType

from ccxt_ext.integrations.hummingbot.pairs import SPOT


def order_types(api: Any, kind: str) -> list[OrderType]:
    found = [OrderType.LIMIT]
    if takes_post_only(api, kind):
        found.append(OrderType.LIMIT_MAKER)
    if can(api, "createMarketOrder", kind) is not False:
        found.append(OrderType.MARKET)
    return found


def can(api: Any, method: str, kind: str) -> Any:
    """What `has` says of a method. Exchanges of ours say it of each type of market."""
    told_on = getattr(api, "has_on", None)
    if told_on is None:
        return api.has.get(method)
    return told_on(method, "spot" if kind == SPOT else "swap")


def takes_post_only(api: Any, kind: str) -> bool:
    features: Any = api.features or {}
    told = features.get("spot") if kind == SPOT else (features.get("swap") or {}).get("linear")
    create = (told or {}).get("createOrder") if isinstance(told, Mapping) else None
    if isinstance(create, Mapping):
        in_force = create.get("timeInForce")
        return bool(isinstance(in_force, Mapping) and in_force.get("PO"))
    return bool(api.has.get("createPostOnlyOrder"))


def takes_client_id(api: Any) -> bool:
    """Whether an order can have an id of ours. Those of our venues say so; of others their code tells."""
    understands = getattr(api, "understands", None)
    if isinstance(understands, Mapping):
        return "clientOrderId" in understands.get("createOrder", ())
    kind: Any = type(api)
    return _mentions_client_id(kind)


SENDING = (
    *("create_order", "create_order_request", "create_spot_order", "create_spot_order_request"),
    *("create_swap_order", "create_swap_order_request", "create_contract_order"),
    *("create_contract_order_request", "create_uta_order_request", "order_request"),
)
"""The methods of ccxt's classes that make an order's request."""


@lru_cache(maxsize=64)
def _mentions_client_id(kind: Hashable) -> bool:
    found = [getattr(kind, name) for name in SENDING if hasattr(kind, name)]
    try:
        return any("clientOrderId" in inspect.getsource(method) for method in found)
    except OSError:
        return False  # it has no source
