"""The environment of a program that has the venues, and that a sandbox is pointed at."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ccxt_ext.program.own_sandbox import STRICT_VARIABLE, VARIABLE

ARMING = Path(__file__).parents[1] / "cli" / "arming"


def armed(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, changed so that every Python finds the hook, even without ccxt-ext installed."""
    arming = str(ARMING)
    before = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path and path != arming]
    environment = {**environment, "PYTHONPATH": os.pathsep.join([arming, *before])}
    environment.pop("CCXT_EXT_AUTOLOAD", None)  # whoever uses it wants the hook
    return environment


def pointed(
    environment: Mapping[str, str], configs: Mapping[str, Mapping[str, Any]], strict: bool = False
) -> dict[str, str]:
    """The environment, changed so that each of these venues' clients reaches its sandbox and nothing else.

    With `strict`, the exchanges that ccxt has itself reach nothing at all.
    """
    environment = {**environment, VARIABLE: json.dumps(configs)}
    if strict:
        environment[STRICT_VARIABLE] = "1"
    return environment
