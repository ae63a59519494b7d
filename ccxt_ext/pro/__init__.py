"""The streaming classes. Each is imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccxt_ext._ids import PRO_IDS
from ccxt_ext.hook.modules import load

if TYPE_CHECKING:
    from ccxt.async_support.base.exchange import Exchange

exchanges = list(PRO_IDS)
__all__ = ["exchanges", *PRO_IDS]


def __getattr__(name: str) -> type[Exchange]:
    if name not in PRO_IDS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = load("ccxt.pro", name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
