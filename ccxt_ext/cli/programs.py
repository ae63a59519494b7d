"""What `ccxt-ext doctor` says about programs that have classes of their own for exchanges."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata

from ccxt_ext import plugins
from ccxt_ext.cli.findings import FINE, NOTE, WRONG, Finding

PATIENCE_S = 60
WRITE = "from ccxt_ext.integrations.{program}.report import write; write()"

WORDS = {"freqtrade": "class", "hummingbot": "connector"}
"""What we add to each program."""


def program_findings() -> Iterator[Finding]:
    for program in WORDS:
        yield from findings_of(program)


def findings_of(program: str) -> Iterator[Finding]:
    """Whether a program is installed, in which release, and whether what we add to it fits."""
    try:
        release = metadata.version(program)
    except metadata.PackageNotFoundError:
        yield FINE, f"{program} is not installed"
        return
    try:
        # Not in the current folder, which would be on its sys.path and may hold anything.
        done = subprocess.run(
            [sys.executable, "-c", WRITE.format(program=program)],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            cwd=sys.prefix,
        )
    except subprocess.TimeoutExpired:
        yield WRONG, f"{program} {release} cannot be used: no end after {PATIENCE_S} s"
        return
    try:
        told = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        yield WRONG, f"{program} {release} cannot be used: {reason}"
        return
    brought = "; ".join(f"{', '.join(names)} of {origin}" for origin, names in told["classes"].items())
    # A program that is known to fit in one release alone has the same one twice.
    known = f"{program} {told['release']} (known to fit: {' to '.join(dict.fromkeys(told['known']))})"
    yield (FINE, f"{known}: {brought}") if brought else (NOTE, f"{known}: no {WORDS[program]} is added to it")
    for warning in told["warnings"]:
        if warning not in plugins.problems(program):
            yield WRONG, warning
