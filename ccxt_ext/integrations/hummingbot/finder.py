"""Finds the modules of our connectors under hummingbot's own names, as if they were files of its package.

hummingbot.connector.exchange.btex                   a package
hummingbot.connector.exchange.btex.btex_utils        what hummingbot reads of each connector: fees, keys
hummingbot.connector.exchange.btex.btex_exchange     the class
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader as Abstract
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from ccxt_ext.integrations.hummingbot import fit, keys, shelf
from ccxt_ext.integrations.hummingbot.places import PACKAGE
from ccxt_ext.integrations.hummingbot.row import FOLDERS, Row

PREFIXES = tuple(f"{PACKAGE}.{folder}." for folder in FOLDERS.values())


def install() -> None:
    """Have our modules found, if no one else has one of that name: what hummingbot has stays its own."""
    if FINDER not in sys.meta_path:
        sys.meta_path.append(FINDER)


class Finder:
    """Comes after all other finders."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith(PREFIXES):
            return None
        _, _, folder, name, *rest = fullname.split(".")
        row = shelf.rows().get(name)
        if row is None or row.folder != folder or fit.problem() is not None:
            return None
        if not rest:
            return ModuleSpec(fullname, Loader(row, package), origin=__name__, is_package=True)
        if not is_ours(row.package):
            return None  # hummingbot has a package of this name
        fill = {f"{name}_utils": utils, f"{name}_{folder}": connector}.get(".".join(rest))
        return None if fill is None else ModuleSpec(fullname, Loader(row, fill), origin=__name__)


FINDER = Finder()


class Loader(Abstract):
    """Makes one module."""

    def __init__(self, row: Row, fill: Callable[[ModuleType, Row], None]) -> None:
        self.row = row
        self.fill = fill

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        self.fill(module, self.row)


def is_ours(package: str) -> bool:
    spec = getattr(sys.modules.get(package), "__spec__", None)
    return isinstance(spec and spec.loader, Loader)


def package(module: ModuleType, row: Row) -> None:
    module.__doc__ = f"The connector {row.name} of {row.origin}."


def utils(module: ModuleType, row: Row) -> None:
    """What hummingbot reads when it lists its connectors."""
    from hummingbot.core.data_type.trade_fee import TradeFeeSchema

    kind = keys.config_map(row, module.__name__)
    vars(module).update(
        {
            "CENTRALIZED": True,
            "EXAMPLE_PAIR": row.example_pair,
            "DEFAULT_FEES": TradeFeeSchema(
                maker_percent_fee_decimal=row.maker, taker_percent_fee_decimal=row.taker
            ),
            kind.__name__: kind,
            "KEYS": kind.model_construct(),
        }
    )


def connector(module: ModuleType, row: Row) -> None:
    """The class of the connector, once it was seen to fit this release."""
    fit.check_classes(row.kind)
    from importlib import import_module

    maker: Any = import_module(f"ccxt_ext.integrations.hummingbot.{row.kind}")
    setattr(module, row.class_name, maker.connector_class(row, module.__name__, row.class_name))
