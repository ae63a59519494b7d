"""The async classes. Each is imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccxt_ext.hook.modules import load
from ccxt_ext.plugins import ids

if TYPE_CHECKING:
    from ccxt.async_support.base.exchange import Exchange

exchanges = ids("async_support")
__all__ = ["exchanges", *exchanges]


def __getattr__(name: str) -> type[Exchange]:
    if name not in exchanges:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = load("ccxt.async_support", name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
