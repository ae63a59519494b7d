"""`ccxt-ext doctor`: checks whether programs here find the venues, and whether the clock is right."""

from __future__ import annotations

import json
import logging
import os
import re
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer

from ccxt_ext._version import CONTRACT, __version__
from ccxt_ext.cli.call import cleaner
from ccxt_ext.cli.exits import FAILED
from ccxt_ext.cli.findings import FINE, NOTE, WRONG, Finding, plugin_findings
from ccxt_ext.cli.programs import program_findings
from ccxt_ext.cli.venues import addresses, check_served, known
from ccxt_ext.plugins import find, ours, overruled
from ccxt_ext.program.console import console, one_line
from ccxt_ext.program.own_sandbox import VARIABLE, own_sandbox

PTH = "ccxt_ext_autoload.pth"
STYLES = {FINE: "green", NOTE: "yellow", WRONG: "bold red"}

PATIENCE_S = 30
TIMEOUT_MS = 5000
# A clock that is set over the network is never this far off, and venues tolerate more.
LARGEST_SKEW_MS = 1000

# Runs in a Python of its own, as importing ccxt_ext in this one has armed the hook.
PROBE = """
import json, sys
armed = "ccxt_ext" in sys.modules
finder = any(type(finder).__module__ == "ccxt_ext.hook" for finder in sys.meta_path)
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import ccxt
    import ccxt.pro

def why_broken(kind):
    stand_ins = sys.modules.get("ccxt_ext.hook.stand_ins")  # imported when there is one
    return stand_ins and stand_ins.why_broken(kind)

origin, streams, broken = {}, {}, {}
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for id in sys.argv[1:]:
        if hasattr(ccxt, id):
            kind = getattr(ccxt, id)
            origin[id] = kind.__module__
            if why_broken(kind):
                broken[id] = why_broken(kind)
        try:
            streams[id] = why_broken(getattr(ccxt.pro, id)) or getattr(ccxt.pro, id).__module__
        except Exception as error:
            streams[id] = f"{type(error).__name__}: {error}"
print(json.dumps({"armed": armed, "finder": finder, "ccxt": ccxt.__version__, "listed": ccxt.exchanges,
                  "origin": origin, "streams": streams, "broken": broken,
                  "warnings": [str(warning.message) for warning in caught]}))
"""


def doctor(
    id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Also ask this venue for its time.", show_default=False),
    ] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Ask a sandbox instead of the venue.")] = False,
) -> int:
    """Check versions, the drop-in, plug-ins, clashes, the clock.

    Exits with 1 if anything is wrong.
    """
    known("doctor", [id] if id else ())
    if id and sandbox:
        check_served("doctor", [id])
    from rich.text import Text

    screen = console()
    wrong = False
    for state, text in findings(id, sandbox):
        wrong |= state == WRONG
        screen.print(Text.assemble((f"{state:<6}", STYLES[state]), one_line(text)))
    return FAILED if wrong else 0


def findings(id: str | None, sandbox: bool) -> Iterator[Finding]:
    """Everything that is checked, as (state, text)."""
    yield FINE, f"python {sys.version.split()[0]}, {sys.executable}"
    yield FINE, f"ccxt-ext {__version__} (plug-ins: contract {CONTRACT}), {Path(__file__).parent.parent}"
    told, problem = probe()
    if told is None:
        yield WRONG, f"ccxt cannot be imported: {problem}"
    else:
        yield version(told["ccxt"])
    yield parser()
    if told is not None:
        yield from hook(told)
        yield from drop_in(told)
    yield from plugin_findings()
    yield from program_findings()
    yield from redirection()
    if id is not None and told is not None:
        if sandbox:
            with own_sandbox(venues=(id,)) as box:
                yield from clock(id, box.config(id))
        else:
            yield from clock(id, {})


def probe() -> tuple[dict[str, Any] | None, str]:
    """What a new Python process finds in ccxt, or else why that failed."""
    try:
        # Not in the current folder, which would be on its sys.path and may hold anything.
        done = subprocess.run(
            [sys.executable, "-c", PROBE, *ours()],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            cwd=sys.prefix,
        )
    except subprocess.TimeoutExpired:
        return None, f"no end after {PATIENCE_S} s"
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1]), ""
    return None, (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def version(installed: str) -> Finding:
    floor = oldest_ccxt()
    if floor is None:
        return NOTE, f"ccxt {installed}; ccxt-ext is not installed, so the oldest that it supports is unknown"
    if numbers(installed) < numbers(floor):
        return WRONG, f"ccxt {installed} is too old: pip install 'ccxt>={floor}'"
    return FINE, f"ccxt {installed} (supported: {floor} and newer)"


def oldest_ccxt() -> str | None:
    try:
        needs = metadata.requires("ccxt-ext") or ()
    except metadata.PackageNotFoundError:
        return None
    found = (re.match(r"ccxt\s*\(?>=\s*([\d.]+)", need) for need in needs)
    return next((match[1] for match in found if match), None)


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def parser() -> Finding:
    try:
        return FINE, f"orjson {metadata.version('orjson')}, which ccxt parses answers with"
    except metadata.PackageNotFoundError:
        return NOTE, "orjson is not installed; ccxt parses answers faster with it"


def hook(told: dict[str, Any]) -> Iterator[Finding]:
    files = [folder / PTH for folder in site_folders() if (folder / PTH).is_file()]
    if files:
        yield FINE, f"{PTH} is in {files[0].parent}"
    else:
        yield WRONG, f"{PTH} is in none of this Python's site-packages: pip install ccxt-ext"
    switch = os.environ.get("CCXT_EXT_AUTOLOAD")
    if told["armed"] and told["finder"]:
        yield FINE, "the import hook is armed: ccxt has the venues without an import of ccxt_ext"
    elif switch == "0":
        yield WRONG, "the import hook is switched off by CCXT_EXT_AUTOLOAD=0: unset it, or import ccxt_ext"
    else:
        yield WRONG, "the import hook is not armed: ccxt has the venues only after an import of ccxt_ext"


def site_folders() -> list[Path]:
    folders = [sysconfig.get_path("purelib"), *site.getsitepackages()]
    if site.ENABLE_USER_SITE:
        folders.append(site.getusersitepackages())
    return [Path(folder) for folder in dict.fromkeys(folders)]


def drop_in(told: dict[str, Any]) -> Iterator[Finding]:
    clashes = [id for id, module in told["origin"].items() if not module.startswith("ccxt_ext.")]
    for id in clashes:
        yield WRONG, f"ccxt has an exchange {id} of its own; ccxt-ext's is ccxt_ext.{id}"
    elsewhere = [*clashes, *(plugin.id for plugin in overruled())]
    for warning in told["warnings"]:
        if "ccxt-ext" in warning and not any(repr(id) in warning for id in elsewhere):
            yield WRONG, warning
    for id in told["broken"]:
        yield WRONG, told["broken"][id]
    for id in told["origin"]:
        if id not in clashes and id not in told["broken"] and id in told["listed"]:
            streams = told["streams"][id]
            if id not in ours("pro"):
                yield FINE, f"ccxt.{id}"
            elif streams.startswith("ccxt_ext."):
                yield FINE, f"ccxt.{id} and ccxt.pro.{id}"
            else:
                yield WRONG, f"ccxt.{id} is there, but not ccxt.pro.{id}: {streams}"
    if told["armed"]:
        for id in ours():
            if id not in told["origin"]:
                yield WRONG, f"ccxt has no {id}"


def redirection() -> Iterator[Finding]:
    if os.environ.get(VARIABLE):
        yield NOTE, f"{VARIABLE} is set: clients reach the local sandbox that it names, and nothing else"


def clock(id: str, config: dict[str, Any]) -> Iterator[Finding]:
    """How far this clock is from the venue's."""
    import ccxt_ext

    plugin = find(id)
    if plugin is None or "sync" not in plugin.targets:
        yield NOTE, f"{id} has no sync class to ask for its time"
        return
    log = logging.getLogger("ccxt_ext.sandbox")
    level = log.level
    log.setLevel(logging.ERROR)  # the warning would repeat what was shown above
    try:
        exchange = getattr(ccxt_ext, id)({**config, "timeout": TIMEOUT_MS})
    except Exception as error:
        yield WRONG, f"{id} cannot be made: {type(error).__name__}: {cleaner(None, config)(str(error))}"
        return
    finally:
        log.setLevel(level)
    where = next((url for url in addresses(exchange.urls.get("api")) if url.startswith("http")), "?")
    if not exchange.has.get("fetchTime"):
        yield NOTE, f"{id} does not tell its time"
        return
    try:
        exchange.fetch_time()  # the first call also makes the connection
        before = exchange.milliseconds()
        skew = exchange.load_time_difference()
        trip = exchange.milliseconds() - before
    except Exception as error:
        yield WRONG, f"{id} at {where}: {type(error).__name__}: {cleaner(exchange, config)(str(error))}"
        return
    direction = "ahead of" if skew > 0 else "behind"
    text = f"{id} at {where}: this clock is {abs(skew)} ms {direction} the venue's (round trip {trip} ms)"
    if abs(skew) <= LARGEST_SKEW_MS + trip / 2:
        yield FINE, text
    else:
        yield WRONG, f"{text}: set it, or use options['adjustForTimeDifference']"
