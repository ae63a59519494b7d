"""Sends clients that have no setting for URLs to a local sandbox, when the environment says so.

`ccxt-ext run --sandbox` sets CCXT_EXT_SANDBOX to a JSON object: a constructor argument for each venue.
"""

import ipaddress
import json
import os
import urllib.parse
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

VARIABLE = "CCXT_EXT_SANDBOX"

# What the sandbox gives for a venue.
_FIELDS = {"apiKey", "secret", "uid", "urls", "rateLimit", "options"}


def redirect(venue: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """`config`, pointed at the sandbox that the environment names for this venue, if any."""
    text = os.environ.get(VARIABLE)
    if not text:
        return dict(config)
    try:
        target = json.loads(text).get(venue)
        local = target is not None and all(_is_loopback(url) for url in _urls(target["urls"]["api"]))
        if target is not None:
            # Nothing else: a proxy, for example, would lead away from this machine again.
            target = {"apiKey": "", "secret": "", **{name: target[name] for name in _FIELDS & target.keys()}}
            target["urls"] = {"api": {**target["urls"]["api"]}}
            if not target["urls"]["api"]:
                raise ValueError("no address")
    except (ValueError, AttributeError, KeyError, TypeError):
        warnings.warn(f"{VARIABLE} is not what ccxt-ext writes there; it is ignored", stacklevel=3)
        return dict(config)
    if target is None:
        return dict(config)
    if not local:
        warnings.warn(f"{VARIABLE} is ignored: it names an address that is not loopback", stacklevel=3)
        return dict(config)
    warnings.warn(f"{VARIABLE} points {venue} at a local sandbox, with its keys", stacklevel=3)
    # The sandbox knows only its own keys, and one's real keys have no business there.
    return {**config, **target, "options": {**config.get("options", {}), **target.get("options", {})}}


def _urls(tree: Any) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for value in tree.values():
            yield from _urls(value)
    else:
        yield tree


def _is_loopback(url: str) -> bool:
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
