"""A venue's classes, and whether it has a frontend, whoever brings them."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext import plugins
from ccxt_ext.hook.loading import told
from ccxt_ext.hook.stand_ins import why_broken
from ccxt_ext.sandbox.frontend import BaseFrontend

# The kinds of classes that a venue may have, and where each is found.
KINDS: Mapping[str, ModuleType] = {
    "sync": ccxt_ext,
    "async": ccxt_ext.async_support,
    "pro": ccxt_ext.pro,
}
# What plug-ins call them.
GROUPS: Mapping[str, str] = {"sync": "sync", "async": "async_support", "pro": "pro"}


def class_of(id: str, kind: str) -> Any:
    return getattr(KINDS[kind], id)


def kinds_of(id: str) -> list[str]:
    return [kind for kind, group in GROUPS.items() if id in plugins.ids(group)]


def has_frontend(id: str) -> bool:
    return id in plugins.ids("sandbox")


def why_unusable(id: str) -> str | None:
    """Why what a plug-in brings for the id cannot be imported or used; None if it can."""
    for kind in kinds_of(id):
        reason = why_broken(class_of(id, kind))
        if reason is not None:
            return reason
    try:
        if has_frontend(id):
            plugins.target(id, "sandbox")
    except Exception as error:
        return f"the frontend of {id} does not work: {told(error)}"
    return None


def lists_markets(id: str) -> bool:
    """Whether its frontend can list another market while clients run."""
    frontend = plugins.target(id, "sandbox")
    return getattr(frontend, "listing_like", None) is not BaseFrontend.listing_like


def all_ids() -> list[str]:
    return list(dict.fromkeys(id for group in GROUPS.values() for id in plugins.ids(group)))


def origin(id: str) -> tuple[str | None, str | None]:
    """The distribution that brings a venue, and its version; None if the process itself has registered it."""
    plugin = plugins.find(id)
    return (plugin.distribution, plugin.version) if plugin else (None, None)
