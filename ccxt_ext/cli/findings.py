"""What `ccxt-ext doctor` says about plug-ins."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ccxt_ext import plugins
from ccxt_ext.cli.facts import Facts, facts_of, is_strange, origin, what_is_broken
from ccxt_ext.cli.venues import ids_of, origins
from ccxt_ext.plugins import KINDS, PROGRAMS
from ccxt_ext.plugins.plugin import normalized
from ccxt_ext.plugins.registry import VARIABLE

FINE, NOTE, WRONG = "ok", "note", "wrong"

Finding = tuple[str, str]

FOR: tuple[str | None, ...] = (None, *PROGRAMS)
"""What plug-ins are for: venues, and programs."""


def plugin_findings() -> Iterator[Finding]:
    """Who brings what, and what is wrong with it."""
    for id, told in facts_of(id for id in ids_of(KINDS) if is_strange(id)).items():
        yield from findings_of(id, told)
    for program in FOR:
        where = f" for {program}" if program else ""
        for id, claimants in plugins.conflicts(program).items():
            yield (
                WRONG,
                f"{origins(claimants)} both bring {id}{where}, so nobody has it: choose one by {VARIABLE}",
            )
        for plugin in plugins.overruled(program):
            yield (
                WRONG,
                f"{plugin.origin} brings {plugin.id}{where} too, which is an id of ccxt-ext's and stays so",
            )
        for problem in plugins.problems(program):
            yield WRONG, problem
        for plugin in plugins.shut_out(program):
            kept = f"{plugin.id}{where} of {plugin.origin} is kept out"
            yield NOTE, f"{kept} by {VARIABLE}={os.environ.get(VARIABLE)}"
    for name in strange_names():
        yield WRONG, f"{VARIABLE} names {name}, which is no installed distribution with a venue"


def findings_of(id: str, told: Facts) -> Iterator[Finding]:
    if told["broken"]:
        for line in what_is_broken(id, told):
            yield WRONG, line
    else:
        built = "says no contract" if told["contract"] is None else f"contract {told['contract']}"
        yield FINE, f"{id} of {origin(told)}: {', '.join(told['brings'])}; {built}"
    if told["clash"]:
        yield WRONG, f"ccxt has an exchange {id} of its own; that of {origin(told)} is ccxt_ext.{id}"


def strange_names() -> list[str]:
    """What CCXT_EXT_PLUGINS names and nobody is called."""
    words = os.environ.get(VARIABLE, "").replace(",", " ").split()
    if [word.lower() for word in words] in (["all"], ["none"]):
        return []
    there = [plugin for id in ids_of(KINDS) if (plugin := plugins.find(id))]
    for each in PROGRAMS:
        there += [plugin for name in plugins.ids(each) if (plugin := plugins.find(name, each))]
    for program in FOR:
        there += [each for claimants in plugins.conflicts(program).values() for each in claimants]
        there += plugins.overruled(program)
    names = {normalized(each.distribution or "") for each in there}
    return [word for word in words if normalized(word) not in names]
