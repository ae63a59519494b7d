"""hummingbot's list of connectors tells ours too."""

from __future__ import annotations

import logging
from importlib import import_module
from types import ModuleType
from typing import Any

from ccxt_ext.integrations.hummingbot import fit, shelf
from ccxt_ext.integrations.hummingbot.row import Row

logger = logging.getLogger(__name__)

_told: set[str] = set()
"""The warnings that were given."""


class _Telling(classmethod):
    """Tells our method from hummingbot's."""


def extend(module: ModuleType) -> None:
    """Have `AllConnectorSettings.create_connector_settings()` tell our connectors, whenever it is called."""
    if not fit.fits_settings(module):
        return
    known = module.AllConnectorSettings
    before = vars(known)["create_connector_settings"]
    if isinstance(before, _Telling):
        return

    def create_connector_settings(cls: Any) -> Any:
        before.__get__(None, cls)()
        add(cls.all_connector_settings, module)
        return cls.all_connector_settings

    create_connector_settings.__doc__ = before.__func__.__doc__
    known.create_connector_settings = _Telling(create_connector_settings)
    if known.all_connector_settings:
        add(known.all_connector_settings, module)


def add(there: dict[str, Any], module: ModuleType) -> None:
    """Add a setting for each of our connectors, made as hummingbot makes its own."""
    if fit.problem() is not None:
        return
    for row in shelf.rows().values():
        if row.name not in there:
            try:
                there[row.name] = setting(row, module)
            except Exception as error:
                warn(f"hummingbot's connector {row.name} cannot be listed: {type(error).__name__}: {error}")
        elif not is_ours(there[row.name], row):
            warn(
                f"hummingbot has a connector {row.name} of its own, which stays in place; "
                f"{row.origin} brings one too"
            )


def setting(row: Row, module: ModuleType) -> Any:
    utils = import_module(f"{row.package}.{row.name}_utils")
    return module.ConnectorSetting(
        name=row.name,
        type=module.ConnectorType[row.folder.capitalize()],
        example_pair=utils.EXAMPLE_PAIR,
        centralised=utils.CENTRALIZED,
        use_ethereum_wallet=False,
        trade_fee_schema=utils.DEFAULT_FEES,
        config_keys=utils.KEYS,
        is_sub_domain=False,
        parent_name=None,
        domain_parameter=None,
        use_eth_gas_lookup=False,
    )


def is_ours(told: Any, row: Row) -> bool:
    return type(told.config_keys).__module__ == f"{row.package}.{row.name}_utils"


def warn(message: str) -> None:
    if message not in _told:
        _told.add(message)
        logger.warning(message)
