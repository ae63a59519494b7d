"""What is shown about a venue: what it can do, who brings it, and what is wrong with it.

Plug-ins of others are imported in a child process. One that is broken may print, exit or hang, and costs
itself alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ccxt_ext._version import conformance_of, contract_of
from ccxt_ext.cli.venues import CLIENTS, class_of
from ccxt_ext.plugins import find, target
from ccxt_ext.program.console import one_line

PATIENCE_S = 30

MARKET_TYPES = ("spot", "margin", "swap", "future", "option")
NO_CAPABILITIES = (*MARKET_TYPES, "CORS", "publicAPI", "privateAPI", "sandbox", "ws")

# The child has this process's sys.path, so it finds the same plug-ins. Only sys is imported before it is set.
CHILD = """
import sys
count = int(sys.argv[2])
sys.path[:] = sys.argv[3 : 3 + count]
from ccxt_ext.cli.facts import write_facts
write_facts(sys.argv[1], sys.argv[3 + count :])
"""

# The streaming class can do everything that the REST class can, and more.
MOST_ABLE = ("pro", "sync", "async_support")

Facts = dict[str, Any]


def facts_of(ids: Iterable[str]) -> dict[str, Facts]:
    """What is known about each of these venues, by id."""
    ids = list(ids)
    told = facts_of_strangers([id for id in ids if is_strange(id)])
    return {id: told[id] if id in told else facts(id) for id in ids}


def is_strange(id: str) -> bool:
    """Whether another distribution brings it; what is registered is this process's own code."""
    plugin = find(id)
    return plugin is not None and plugin.distribution is not None and not plugin.is_ours


def facts(id: str) -> Facts:
    """What is known about a venue. Its classes are imported, whatever comes of that; of ours only what shows
    its abilities, as the rest takes its time."""
    told = who(id)
    kinds = told["brings"] if is_strange(id) else [kind for kind in MOST_ABLE if kind in told["brings"]][:1]
    broken: dict[str, str] = {}
    contracts = set()
    clash = False
    for kind in kinds:
        reason, contract, is_ccxts = check_class(id, kind)
        if reason is not None:
            broken[kind] = reason
        if contract is not None:
            contracts.add(contract)
        clash |= is_ccxts
    told.update(contract=max(contracts, default=None), clash=clash, broken=broken)
    for kind in MOST_ABLE:
        if kind in told["brings"] and kind not in broken:
            try:
                return {**told, **abilities(id, kind)}
            except Exception as error:
                broken[kind] = f"{type(error).__name__}: {error}"
    return {**told, **nothing(id)}


def who(id: str) -> Facts:
    """Who brings the venue, and which kinds of classes."""
    plugin = find(id)
    if plugin is None:
        return {"distribution": None, "version": None, "brings": []}
    return {
        "distribution": plugin.distribution,
        "version": plugin.version,
        "brings": [kind for kind in (*CLIENTS, "sandbox") if kind in plugin.targets],
    }


def check_class(id: str, kind: str) -> tuple[str | None, int | None, bool]:
    """Why the class cannot be used, which contract it was built for, and whether ccxt has another one."""
    if kind == "sandbox":
        from ccxt_ext.sandbox.frontends import why_broken as why_not_served

        reason = why_not_served(id)
        return shortened(reason), None if reason else contract_of(target(id, kind)), False
    from ccxt_ext.hook.modules import namespace
    from ccxt_ext.hook.stand_ins import why_broken

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of what is told here
            found = class_of(id, [kind])
    except Exception as error:  # no venue can be had with this release of ccxt
        return f"{type(error).__name__}: {error}", None, False
    # Looked up without importing what ccxt.ID may stand for; loading the class has imported ccxt.
    held = namespace(sys.modules["ccxt"]).get(id)
    is_ccxts = getattr(held, "__module__", "").startswith("ccxt.")
    return shortened(why_broken(found)), contract_of(found), is_ccxts


def shortened(reason: str | None) -> str | None:
    """The reason without whose plug-in it is, which is told beside it."""
    if reason is None:
        return None
    before, middle, after = reason.partition(" does not work: ")
    return after if middle else before


def nothing(id: str) -> Facts:
    """The abilities of a venue that has no class that works."""
    return {
        "name": id,
        "countries": [],
        "markets": [],
        "credentials": [],
        "rateLimit": None,
        "timeframes": [],
        "pro": False,
        "conformance": None,
        "streams": "-",
        "has": {},
        "hasFor": {},
    }


def abilities(id: str, kind: str) -> Facts:
    """What the venue's class of this kind can do."""
    found = class_of(id, [kind])
    told = found().describe()
    has = told.get("has") or {}
    return {
        "name": told.get("name") or id,
        "countries": told.get("countries") or [],
        "markets": [name for name in MARKET_TYPES if has.get(name)],
        "credentials": [name for name, needed in (told.get("requiredCredentials") or {}).items() if needed],
        "rateLimit": told.get("rateLimit"),
        "timeframes": list(told.get("timeframes") or ()),
        "pro": bool(told.get("pro")),
        "conformance": conformance_of(found),
        "streams": streams(has),
        "has": {name: able for name, able in has.items() if name not in NO_CAPABILITIES},
        "hasFor": told.get("hasFor") or {},
    }


def streams(has: dict[str, Any]) -> str:
    """How the venue can be watched: "yes" if it streams anything, else "polled", or "-"."""
    able = {answer for name, answer in has.items() if name.startswith("watch")}
    return "yes" if True in able else "polled" if "emulated" in able else "-"


def origin(told: Facts) -> str:
    """Who brings the venue."""
    return " ".join(part for part in (told["distribution"] or "register()", told["version"]) if part)


def what_is_broken(id: str, told: Facts) -> list[str]:
    """A line for each reason why classes of the venue cannot be used."""
    kinds: dict[str, list[str]] = {}
    for kind, reason in told["broken"].items():
        kinds.setdefault(one_line(reason), []).append(kind)
    return [
        f"{id} of {origin(told)} is broken ({', '.join(names)}): {reason}" for reason, names in kinds.items()
    ]


# -- in a child process -----------------------------------------------------------------------------


def facts_of_strangers(ids: list[str]) -> dict[str, Facts]:
    """The same, found in a child process. Another one goes on where a plug-in has ended or stopped one."""
    told: dict[str, Facts] = {}
    while left := [id for id in ids if id not in told]:
        found, end = in_a_child(left)
        told.update(found)
        culprit = next((id for id in left if id not in found), None)
        if culprit is not None:
            told[culprit] = beyond_repair(culprit, end)
    return told


def beyond_repair(id: str, end: str) -> Facts:
    told = who(id)
    broken = dict.fromkeys(told["brings"], f"a process that imports it {end}")
    return {**told, "contract": None, "clash": False, "broken": broken, **nothing(id)}


def in_a_child(ids: list[str]) -> tuple[dict[str, Facts], str]:
    """What one child process tells before its end, and what that end was."""
    # What a plug-in prints goes nowhere. Pipes would stay open if it leaves a process behind.
    path = [part for part in sys.path if isinstance(part, str)]
    with tempfile.TemporaryDirectory(prefix="ccxt-ext-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "facts"
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(file), str(len(path)), *path, *ids],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            end = ended(process.wait(PATIENCE_S))
        except subprocess.TimeoutExpired:
            end = f"had not ended after {PATIENCE_S} s"
        finally:
            stop(process)
        text = file.read_text("utf-8") if file.exists() else ""
    lines = text.split("\n")[:-1]  # the last one may be cut off
    return {id: told for line in lines for id, told in json.loads(line).items()}, end


def ended(code: int) -> str:
    return f"ended with exit code {code}" if code >= 0 else f"was ended by signal {-code}"


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process, and what it has started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def write_facts(file: str, ids: list[str]) -> None:
    """What the child does: one line for each venue, and then an end that no thread of a plug-in delays."""
    with open(file, "a", encoding="utf-8") as lines:
        for id in ids:
            lines.write(json.dumps({id: facts(id)}, default=one_line) + "\n")
            lines.flush()
    os._exit(0)
