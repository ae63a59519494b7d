"""`ccxt-ext demo`: trades on a sandbox of every venue with ordinary ccxt code, and checks every figure."""

from __future__ import annotations

from ccxt_ext.cli.exits import FAILED, WrongUse, complain
from ccxt_ext.cli.facts import facts_of, is_strange, what_is_broken
from ccxt_ext.cli.sandbox import Seed, Venues
from ccxt_ext.cli.venues import SANDBOX, ids_of, known

REST = ("sync",)


def demo(venue: Venues = None, seed: Seed = 1) -> int:
    """Trade on a sandbox of every venue and show what happens.

    Exits with 0 only if everything that is shown was true.
    """
    chosen = known("demo", known("demo", venue or (), SANDBOX), REST)
    problems = unfit(chosen or ids_of())
    if chosen and problems:
        raise WrongUse("demo", next(iter(problems.values())))
    for problem in problems.values():
        complain("ccxt-ext demo", f"left out: {problem}")
    from ccxt_ext.demo.show import show

    return 0 if show(chosen or tuple(id for id in ids_of(REST) if id not in problems), seed) else FAILED


def unfit(ids: tuple[str, ...] | list[str]) -> dict[str, str]:
    """Why some of these venues cannot be shown, by id. Ours can."""
    problems = {}
    for id, told in facts_of(id for id in ids if is_strange(id)).items():
        lacking = [kind for kind in (*REST, *SANDBOX) if kind not in told["brings"]]
        if told["broken"]:
            problems[id] = "; ".join(what_is_broken(id, told))
        elif told["clash"]:
            problems[id] = f"ccxt has an exchange {id} of its own"
        elif lacking:
            problems[id] = f"{id} has no sandbox" if lacking == list(SANDBOX) else f"{id} has no sync class"
    return problems
