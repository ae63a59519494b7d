"""Which releases of hummingbot our connectors fit, and whether this one is among them."""

from __future__ import annotations

import inspect
import logging
import re
import sys
from collections.abc import Iterator
from importlib import import_module, metadata
from types import ModuleType
from typing import Any

from ccxt_ext.integrations.comparing import added, function_of, kind_of, missing, takes_the_same
from ccxt_ext.integrations.hummingbot import overridden
from ccxt_ext.integrations.hummingbot.places import CANDLES, PACKAGE, SETTINGS

logger = logging.getLogger(__name__)

OLDEST = "20260922"
"""Known to work from this release on, ..."""

NEWEST = "20260922"
"""... to this one. A newer one is taken if it has all that our classes stand on."""

HOME = "ccxt_ext.integrations.hummingbot"

CLASSES = {
    "spot": ("spot", "books", "user_stream"),
    "perpetual": ("perpetual", "funding", "books", "user_stream"),
}
"""Our modules with classes that are derived from hummingbot's, by what a connector is for."""

SETTING = {
    "name",
    "type",
    "example_pair",
    "centralised",
    "use_ethereum_wallet",
    "trade_fee_schema",
    "config_keys",
    "is_sub_domain",
    "parent_name",
    "domain_parameter",
    "use_eth_gas_lookup",
}
"""What hummingbot wants to be told of a connector."""

LANDMARKS = {SETTINGS: "AllConnectorSettings", CANDLES: "CandlesFactory", PACKAGE: "__path__"}


class _Found:
    """What was found so far: the same for the whole process."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self.told: set[str] = set()
        self.fitting: set[str] = set()


_found = _Found()


def is_hummingbot(module: ModuleType) -> bool:
    """Whether it is hummingbot's, and not something else of this name."""
    return hasattr(module, LANDMARKS[module.__name__])


def version() -> str:
    try:
        return metadata.version("hummingbot")
    except metadata.PackageNotFoundError:
        return ""  # it is a checkout


def problem() -> str | None:
    """Why this release gets nothing of us; None as long as nothing is found."""
    if _found.problem is None and "version" not in _found.fitting:
        release = version()
        if numbers(release) < numbers(OLDEST):
            _found.problem = refusal(release, "it is too old")
        _found.fitting.add("version")
    return _found.problem


def tell(problem: str) -> None:
    """Say it once."""
    if problem not in _found.told:
        _found.told.add(problem)
        logger.warning(problem)


def numbers(release: str) -> int:
    """A release as a number. One without, such as a checkout, is taken for the newest."""
    found = re.search(r"\d{8}", release)
    return int(found[0]) if found else int(NEWEST)


def refusal(release: str, why: str, what: str = "connectors") -> str:
    return (
        f"ccxt-ext adds no {what} to hummingbot {release or '(a checkout)'}, which works as it does without: "
        f"{why}. Known to fit: hummingbot {OLDEST if OLDEST == NEWEST else f'{OLDEST} to {NEWEST}'}"
    )


def refuse(why: str) -> str:
    """Take our connectors back, as this release is another one than our classes are made for."""
    _found.problem = refusal(version(), why)
    tell(_found.problem)
    from ccxt_ext.integrations.hummingbot import shelf

    settings = sys.modules.get(SETTINGS)
    for name in shelf.rows():
        if settings is not None:
            there = settings.AllConnectorSettings.all_connector_settings
            if name in there and type(there[name].config_keys).__module__.endswith(f".{name}.{name}_utils"):
                del there[name]
    return _found.problem


# -- the list of connectors ---------------------------------------------------------------------------


def fits_settings(settings: ModuleType) -> bool:
    found = list(differences_in_settings(settings))
    if found:
        refuse("; ".join(found))
    return not found


def differences_in_settings(settings: ModuleType) -> Iterator[str]:
    known = vars(settings)["AllConnectorSettings"]
    method = vars(known).get("create_connector_settings")
    if not isinstance(method, classmethod) or len(inspect.signature(method.__func__).parameters) != 1:
        yield "AllConnectorSettings.create_connector_settings() is something else there"
    if not isinstance(getattr(known, "all_connector_settings", None), dict):
        yield "there is no AllConnectorSettings.all_connector_settings"
    fields = getattr(vars(settings).get("ConnectorSetting"), "_fields", ())
    if set(fields) != SETTING:
        yield "ConnectorSetting has other fields"
    if not {"Exchange", "Derivative"} <= set(getattr(vars(settings).get("ConnectorType"), "__members__", ())):
        yield "ConnectorType has other members"


# -- classes ------------------------------------------------------------------------------------------


def check_classes(kind: str) -> None:
    """Raise ModuleNotFoundError if our classes for this kind of market do not fit: then there are none."""
    if kind in _found.fitting:
        return
    why = "; ".join(dict.fromkeys(differences_in(*CLASSES[kind])))
    if why:
        raise ModuleNotFoundError(refuse(why))
    _found.fitting.add(kind)


def differences_in(*names: str) -> Iterator[str]:
    """What our classes in these modules stand on, and hummingbot has not, or has otherwise."""
    for name in names:
        try:
            pairs = list(derived(name))
        except (ImportError, AttributeError, TypeError) as error:
            yield f"{type(error).__name__}: {error}"
            continue
        for theirs, ours in pairs:
            yield from differences(theirs, ours)


def derived(name: str) -> Iterator[tuple[Any, Any]]:
    """The classes in a module of ours that are derived from one of hummingbot's, each after that."""
    module = import_module(f"{HOME}.{name}")
    for ours in vars(module).values():
        if isinstance(ours, type) and ours.__module__ == module.__name__:
            theirs = next((kind for kind in ours.__mro__ if is_theirs(kind)), None)
            if theirs is not None:
                yield theirs, ours


def overriding(theirs: Any, ours: Any) -> set[str]:
    """The methods of ours that take the place of one of theirs."""
    return {
        name
        for name, method in added(theirs, ours)
        if function_of(method) and not name.startswith("__") and hasattr(theirs, name)
    }


def is_theirs(kind: type) -> bool:
    return kind.__module__.split(".")[0] == "hummingbot"


def differences(theirs: Any, ours: Any) -> Iterator[str]:
    known = overridden.NAMES.get(theirs.__name__, ())
    for name, method in added(theirs, ours):
        function = function_of(method)
        if function is None or name.startswith("__"):
            continue
        before = inspect.getattr_static(theirs, name, None)
        if before is None:
            if name in known:
                yield f"there is no {theirs.__name__}.{name}()"
        elif function_of(before) is None:
            continue  # it is compiled, so that nothing is told of it
        elif kind_of(before) is not kind_of(method):
            yield f"{theirs.__name__}.{name} is something else there"
        elif not takes_the_same(function, function_of(before)):
            yield f"{theirs.__name__}.{name}() takes other arguments"
    for name in sorted(getattr(ours, "__abstractmethods__", ())):
        yield f"{theirs.__name__} wants a {name}()"
    for name in missing(theirs, ours):
        yield f"there is no {theirs.__name__}.{name}"
