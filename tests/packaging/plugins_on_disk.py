"""Plug-ins as pip leaves them: modules, and a folder of metadata that names their entry points."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

# A venue as somebody writes it who knows ccxt alone.
PLAIN = {
    "ccxt_acme/__init__.py": "",
    "ccxt_acme/words.py": """
        def described(exchange, told):
            return exchange.deep_extend(told, {
                "id": "acme", "name": "Acme", "rateLimit": 1, "has": {"fetchTime": True},
                "urls": {"api": {"rest": "http://127.0.0.1:1", "ws": "ws://127.0.0.1:1"}},
            })
    """,
    "ccxt_acme/rest_sync.py": """
        import ccxt
        from ccxt_acme.words import described

        class acme(ccxt.Exchange):
            def describe(self):
                return described(self, super().describe())

            def fetch_time(self, params={}):
                return self.fetch(self.urls["api"]["rest"] + "/time", headers={"key": self.apiKey})["time"]
    """,
    "ccxt_acme/rest.py": """
        import ccxt.async_support
        from ccxt_acme.words import described

        class acme(ccxt.async_support.Exchange):
            def describe(self):
                return described(self, super().describe())

            async def fetch_time(self, params={}):
                answer = await self.fetch(self.urls["api"]["rest"] + "/time", headers={"key": self.apiKey})
                return answer["time"]
    """,
    "ccxt_acme/stream.py": """
        import ccxt_acme.rest

        class acme(ccxt_acme.rest.acme):
            def describe(self):
                return self.deep_extend(super().describe(), {"has": {"ws": True, "watchTicker": True}})

            async def watch_ticker(self, symbol, params={}):
                return await self.watch(self.urls["api"]["ws"], "ticker")
    """,
}
ACME = {
    "sync": {"acme": "ccxt_acme.rest_sync:acme"},
    "async_support": {"acme": "ccxt_acme.rest:acme"},
    "pro": {"acme": "ccxt_acme.stream:acme"},
}


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


def put(
    folder: Path,
    name: str,
    entry_points: Mapping[str, Mapping[str, str]],
    files: Mapping[str, str] = {},
    version: str = "1.0",
) -> Path:
    """Install a distribution into a folder. `entry_points` are by kind and id."""
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"]
    text = ""
    for kind, targets in entry_points.items():
        text += "\n".join([f"[ccxt_ext.{kind}]", *(f"{id} = {where}" for id, where in targets.items()), ""])
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(lines[0])
    (info / "entry_points.txt").write_text(text)
    write(folder, files)
    return info


def put_acme(folder: Path, name: str = "ccxt-acme", **more: Mapping[str, str]) -> Path:
    return put(folder, name, {**ACME, **more}, PLAIN)


# One id for each way in which a plug-in can be broken, and words of the reason that is given.
BROKEN = {
    "absent": "No module named 'ccxt_absent'",
    "divides": "ZeroDivisionError: division by zero",
    "quits": "SystemExit: 3",
    "needy": "No module named 'a_dependency_of_needy'",
    "nameless": "has no attribute 'nameless'",
    "crooked": "'not a target at all' is not of the form 'module:name'",
    "selfish": "'selfish' cannot be had while its own module is being imported",
    "thing": "is no class",
    "stranger": "is no subclass of ccxt.Exchange",
    "wrongkind": "is no subclass of ccxt.Exchange",
    "misnamed": "has the id 'other'",
    "unmakeable": "RuntimeError: no such luck",
    "ahead": "was built for version 999 of ccxt-ext's contract with venues",
}
BROKEN_FILES = {
    "broken_ones/__init__.py": "",
    "broken_ones/divides.py": "1 / 0",
    "broken_ones/quits.py": "raise SystemExit(3)",
    "broken_ones/needy.py": "import a_dependency_of_needy",
    "broken_ones/selfish.py": "import ccxt\nccxt.selfish",
    "broken_ones/others.py": """
        import ccxt

        thing = "a text"

        class stranger:
            id = "stranger"

        class misnamed(ccxt.Exchange):
            def describe(self):
                return {**super().describe(), "id": "other"}

        class unmakeable(ccxt.Exchange):
            def __init__(self, config={}):
                raise RuntimeError("no such luck")
    """,
    "broken_ones/wrongkind.py": """
        import ccxt.async_support

        class wrongkind(ccxt.async_support.Exchange):
            pass
    """,
    "broken_ones/ahead.py": """
        from ccxt_ext.venue.venue import Venue

        class ahead(Venue, contract=999):
            pass
    """,
}


def put_broken(folder: Path) -> Path:
    """One distribution with all that can be broken, each as a sync class, and one as an async one too."""
    own = ("divides", "quits", "needy", "selfish", "wrongkind", "ahead")
    where = {id: f"broken_ones.{id if id in own else 'others'}:{id}" for id in BROKEN}
    where |= {"absent": "ccxt_absent:absent", "crooked": "not a target at all"}
    absent = {"absent": "ccxt_absent:absent"}
    return put(folder, "broken-ones", {"sync": where, "async_support": absent, "pro": absent}, BROKEN_FILES)
