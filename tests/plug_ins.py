"""Plug-ins for programs to find: one with everything, a plain one without a frontend, and a broken one."""

from pathlib import Path

from tests.packaging.plugins_on_disk import put


def put_acme(folder: Path) -> None:
    """A venue with everything, a frontend too. It speaks as one of ours does."""
    classes = {"sync": "Sync", "async_support": "Async", "pro": "Pro", "sandbox": "Frontend"}
    points = {
        kind: {"acme": f"acme_{name.lower()}:{'Frontend' if kind == 'sandbox' else 'acme'}"}
        for kind, name in classes.items()
    }
    put(folder, "ccxt-acme", points, ACME)


_CLASS = """
from ccxt_ext.venues.bitmart2.{module} import bitmart2


class acme(bitmart2, contract=1, conformance="trades"):
    @classmethod
    def metadata(cls):
        return {{**super().metadata(), "id": "acme", "name": "Acme"}}
"""

ACME = {
    "acme_sync.py": _CLASS.format(module="rest_sync"),
    "acme_async.py": _CLASS.format(module="rest"),
    "acme_pro.py": _CLASS.format(module="stream"),
    "acme_frontend.py": """
        from ccxt_ext.sandbox.frontends.bitmart2 import frontend


        class Frontend(frontend.Frontend, contract=1):
            id = "acme"
        """,
}


def put_plain(folder: Path) -> None:
    """A plain subclass of ccxt's class, with nothing of ours, and no frontend."""
    points = {"sync": {"plain": "plain_venue:plain"}, "async_support": {"plain": "plain_venue_async:plain"}}
    put(
        folder,
        "ccxt-plain",
        points,
        {
            "plain_venue.py": PLAIN.format(module="ccxt", to_await=""),
            "plain_venue_async.py": PLAIN.format(module="ccxt.async_support", to_await="async "),
        },
        version="2.1",
    )


PLAIN = """
import ccxt
from {module} import Exchange

print("plain is here")  # nothing that anybody wants to read


class plain(Exchange):
    def describe(self):
        return self.deep_extend(
            super().describe(),
            {{"id": "plain", "name": "Plain", "has": {{"spot": True, "fetchStatus": True}}}},
        )

    {to_await}def fetch_status(self, params={{}}):
        print("asked")
        return {{
            "status": "ok",
            "token": "of the answer",
            "url": f"https://plain.test?apiKey=x&key={{self.apiKey}}&signature=abcdef",
            "info": [self.secret],
        }}

    {to_await}def fetch_balance(self, params={{}}):
        raise ccxt.AuthenticationError(f"plain {{self.secret}} https://plain.test?signature=abcdef")
"""


def put_broken(folder: Path) -> None:
    """A venue whose module cannot be imported."""
    points = {"sync": {"broken": "broken_venue:broken"}, "pro": {"broken": "broken_venue:broken"}}
    put(folder, "ccxt-broken", points, {"broken_venue.py": "import nowhere_to_be_found"}, version="0.1")
