"""The page docs/conformance.md, made of the cases of the conformance suite and of the rules of its levels."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

from ccxt_ext.testing.conformance.cases import ATTRIBUTE, CHAPTERS, Case, chapter_files
from ccxt_ext.testing.conformance.levels import EXEMPT, HAS_NOT, LEVELS, NEEDED, NO_FRONTEND, NO_PROFILE

HEAD = f"""# Conformance

<!-- Made by scripts/generate.py of the cases themselves. Do not edit. -->

Whether a venue keeps what a program that is written for ccxt relies on. The suite is in the wheel; pytest and
what else it needs come with `pip install "ccxt-ext[test]"`:

    pytest --pyargs ccxt_ext.testing.conformance --ccxt-venue acme
    pytest --pyargs ccxt_ext.testing.conformance --ccxt-profile tests/profile.py --ccxt-report report.json

| option | |
| --- | --- |
| `--ccxt-venue ID` | the venue; may be repeated |
| `--ccxt-profile FILE` | a Python file with `PROFILE = ccxt_ext.testing.Profile(...)`, which tells what the \
suite cannot see by itself; may be repeated. The venue of a profile need not be named again. \
[reference/testing.md](reference/testing.md) has its fields |
| `--ccxt-report FILE` | where to write what came of each case, as JSON that can be published |

It does not matter how your own pytest is set up. `-k "case3.2-"` chooses a case by its number, and `-n 4` of
pytest-xdist works; `--dist loadscope` keeps what shares a sandbox together. With `CCXT_EXT_AUTOLOAD=0`, say
`-p ccxt_ext_pytest`.

A case that does not apply is left out, and the table at the end says why:

| | |
| --- | --- |
| {HAS_NOT} | the venue has nothing of the kind, which says nothing against it |
| {NO_FRONTEND} | the venue has no sandbox, so it could not be shown |
| {NO_PROFILE} | the profile lacks the field that it needs, so it could not be shown |
| {EXEMPT} | it fails, and the profile says why the venue itself makes it impossible: \
`exempt={{"3.2": "..."}}`. An exemption of a case that passes is a failure |

## Levels

A venue has a level if it has what the level needs, and if none of the cases of this level and of those before
it has failed or could not be shown. A profile may exempt its venue from a whole level too, with the reason:
`exempt={{"streams": "the venue has no sockets"}}`.

By `level="trades"` a profile claims one, and a run of the whole suite fails if the venue has not reached it.
A class tells users the same, `class Protocol(Venue, contract=1, conformance="trades")`, which is what
`ccxt-ext exchanges` shows.

| level | says | needs |
| --- | --- | --- |
"""


def cases() -> list[Case]:
    found = [
        vars(function)[ATTRIBUTE]
        for name in chapter_files()
        for function in vars(importlib.import_module(f"ccxt_ext.testing.conformance.{name[:-3]}")).values()
        if ATTRIBUTE in getattr(function, "__dict__", {})
    ]
    numbers = [case.number for case in found]
    twice = {number for number in numbers if numbers.count(number) > 1}
    assert not twice, f"two cases have the number {twice}"
    return sorted(found, key=lambda case: [int(part) for part in case.number.split(".")])


def page() -> str:
    return HEAD + "\n".join([*levels(), *chapters(), ""])


def levels() -> Iterator[str]:
    for level, says in LEVELS.items():
        groups = (" or ".join(f"`{name}`" for name in group) for group in NEEDED[level])
        yield f"| *{level}* | {says} | {', '.join(groups) or '-'} |"


def chapters() -> Iterator[str]:
    every = cases()
    for chapter, title in CHAPTERS.items():
        rows = [case for case in every if case.chapter == chapter]
        yield f"\n## {chapter}. {title}\n"
        if not rows:
            yield "No cases yet."
            continue
        yield "| | what is true | | for | needs | level |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for case in rows:
            proves = re.sub(r"\s+", " ", case.proves)
            yield (
                f"| {case.number} | {case.name} | {proves} | {', '.join(case.kinds) or 'all together'} "
                f"| {', '.join(needs(case)) or '-'} | {case.level} |"
            )


def needs(case: Case) -> Iterator[str]:
    yield from (f"`{name}`" for name in case.needs)
    if case.frontend:
        yield "a frontend" + (" with `listing_like()`" if case.lists_markets else "")
    if case.answers:
        yield "`samples` of the profile, or a frontend"
    yield from (f"`{field}` of the profile" for field in case.profile)
