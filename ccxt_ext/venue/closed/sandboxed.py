"""Reads from the environment which local sandbox clients have to use, and where they may send to.

`ccxt-ext run --sandbox` sets CCXT_EXT_SANDBOX to a JSON object with a constructor argument for each venue.
While the variable is set, a venue's clients reach that sandbox and nothing else. If its value cannot be
understood, they reach nothing at all.
"""

import functools
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ccxt.base.errors import PermissionDenied
from ccxt.base.exchange import Exchange

from ccxt_ext._hosts import allowed, is_loopback
from ccxt_ext.venue.keys.credentials import CREDENTIALS

VARIABLE = "CCXT_EXT_SANDBOX"

# The settings that are taken from the variable. Nothing else is: a proxy would lead away from this machine.
_FIELDS = {*CREDENTIALS, "urls", "rateLimit", "options"}

# Settings of a real configuration that must not be sent to the sandbox.
_PRIVATE = {*CREDENTIALS, "headers", "session"}
_PRIVATE_WS = {"headers", "cookies", "options"}

# Addresses that are simple enough for all URL parsers to find the same host in them.
_ADDRESS = re.compile(
    r"(?:http|ws)s?://([a-z0-9._-]+|\[[0-9a-f:.]+\]):(\d{1,5})(?:/[^\s\\@?#]*)?", re.IGNORECASE
)

# The name of the attribute in which an instance keeps the sandbox that it was made for.
_TARGET = "_ccxt_ext_target"

log = logging.getLogger("ccxt_ext.sandbox")

Origin = tuple[str, int]


class OutsideSandbox(PermissionDenied):
    """A client was about to send something to another address than its sandbox's. Nothing was sent."""


class Target(NamedTuple):
    """The sandbox of one venue."""

    config: Mapping[str, Any]
    origins: frozenset[Origin]


class Box(NamedTuple):
    """What the variable says."""

    targets: Mapping[str, Target]  # by venue
    faults: Mapping[str, str]  # by venue: why its entry cannot be used
    fault: str | None = None  # why the whole variable cannot be used

    def target(self, venue: str) -> Target:
        if venue in self.targets:
            return self.targets[venue]
        why = self.fault or self.faults.get(venue) or f"it names no sandbox for {venue}"
        raise OutsideSandbox(f"{venue} sends nothing while {VARIABLE} is set: {why}")

    def announcement(self) -> str:
        parts = [f"{VARIABLE} is set"]
        if self.targets:
            parts.append(f"{', '.join(self.targets)}: a local sandbox, with its keys, and nothing else")
        parts += [f"{venue}: sends nothing, as {why}" for venue, why in self.faults.items()]
        parts.append(f"no venue sends anything, as {self.fault}" if self.fault else "other venues are closed")
        return "; ".join(parts)


def is_set() -> bool:
    return bool(os.environ.get(VARIABLE))


def box() -> Box | None:
    """What the environment says now; None if the variable is not set."""
    text = os.environ.get(VARIABLE)
    return read(text, frozenset(allowed())) if text else None


@functools.lru_cache(maxsize=8)
def read(text: str, hosts: frozenset[str] = frozenset()) -> Box:
    """Parse the variable's value. It may name loopback addresses, and these hosts."""
    nonsense = Box({}, {}, "it is not what ccxt-ext writes there")
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        return nonsense
    if not isinstance(entries, dict):
        return nonsense
    targets: dict[str, Target] = {}
    faults: dict[str, str] = {}
    for venue, entry in entries.items():
        try:
            targets[venue] = _target(entry, hosts)
        except (AttributeError, KeyError, TypeError):
            faults[venue] = "its entry is not what ccxt-ext writes there"
        except ValueError as error:
            faults[venue] = str(error)
    return Box(targets, faults)


def _target(entry: Mapping[str, Any], hosts: frozenset[str]) -> Target:
    origins = frozenset(_origin(url, hosts) for url in _leaves(entry["urls"]["api"]))
    if not origins:
        raise KeyError("no address")
    config = {name: entry[name] for name in _FIELDS & entry.keys()}
    config["urls"] = {"api": entry["urls"]["api"]}
    return Target(config, origins)


def _leaves(tree: Any) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for value in tree.values():
            yield from _leaves(value)
    else:
        yield tree


def _origin(url: str, hosts: frozenset[str]) -> Origin:
    matched = _ADDRESS.fullmatch(url)
    host = matched[1].strip("[]").lower() if matched else ""
    if matched is None or not (is_loopback(host) or host in hosts):
        raise ValueError("its entry names an address that is not loopback")
    return host, int(matched[2])


_announced: set[str] = set()


def announce(box: Box) -> None:
    """Log which sandbox is used, once in each process. By default, Python writes it to standard error."""
    text = box.announcement()
    if text not in _announced:
        _announced.add(text)
        log.warning("%s", text)


# -- instances ------------------------------------------------------------------------------------------


def redirect(venue: str, config: Mapping[str, Any]) -> tuple[dict[str, Any], Target | None]:
    """The configuration changed to use this venue's sandbox, and that sandbox.

    If there is none for the venue, the instance can still be made, as programs make one of each exchange to
    look at it. But it sends nothing.
    """
    found = box()
    if found is None:
        return dict(config), None
    announce(found)
    target = found.targets.get(venue)
    if target is None:
        return {name: value for name, value in config.items() if name != "session"}, None
    # Real credentials are removed. The sandbox has its own.
    rest = {name: value for name, value in config.items() if name not in _PRIVATE}
    options = dict(rest.get("options") or {})
    if isinstance(options.get("ws"), Mapping):
        options["ws"] = {name: value for name, value in options["ws"].items() if name not in _PRIVATE_WS}
    # The user's options stay, unless the sandbox sets the same ones.
    options = Exchange.deep_extend(options, target.config.get("options", {}))
    return {**rest, **target.config, "options": options}, target


def bind(instance: Any, target: Target) -> None:
    """Remember the sandbox that the instance is made for."""
    vars(instance)[_TARGET] = target


def target_of(instance: Any) -> Target | None:
    """The sandbox that the instance was made for. The environment may have changed since."""
    return vars(instance).get(_TARGET)


def is_closed(instance: Any) -> bool:
    """Whether the instance may send to a sandbox only, or nowhere."""
    return is_set() or target_of(instance) is not None


def origins(instance: Any) -> frozenset[Origin]:
    """The hosts and ports that the instance may send to."""
    made_for = target_of(instance)
    found = box()
    if found is None:
        return made_for.origins if made_for is not None else frozenset()
    target = found.target(str(instance.id))
    if made_for is None:
        raise OutsideSandbox(
            f"{instance.id} sends nothing while {VARIABLE} is set: this instance was made without it, and "
            "may hold real keys"
        )
    return made_for.origins & target.origins


def check(instance: Any, host: str | None, port: int | None) -> None:
    """Raise OutsideSandbox unless the instance may send to this host and port."""
    allowed = origins(instance)
    if (host, port) not in allowed:
        where = ", ".join(f"{name}:{number}" for name, number in sorted(allowed)) or "nowhere"
        raise OutsideSandbox(
            f"{instance.id} was about to send to {host}:{port}, and its sandbox is at {where}: nothing was "
            f"sent, as {VARIABLE} is set"
        )


def refuse_proxy(instance: Any) -> None:
    raise OutsideSandbox(
        f"{instance.id} was about to send through a proxy, which leads away from its sandbox: nothing was "
        f"sent, as {VARIABLE} is set"
    )
