"""Simulated exchanges as venues of their own, such as `likekraken`, so that the conformance suite takes them.

A plug-in of pytest's: pytest -p tests.simulated.lookalikes --pyargs ccxt_ext.testing.conformance ...
"""

import ccxt_ext
from ccxt_ext.sandbox.frontends import described as read
from ccxt_ext.sandbox.frontends.simulated.frontend import Frontend
from ccxt_ext.testing.bench import HOST
from ccxt_ext.testing.simulated import described
from ccxt_ext.testing.simulated.classes import simulated_class
from ccxt_ext.venue.closed import sandboxed

IDS = ("binance", "binanceusdm", "kraken")
NOWHERE = {"rest": "http://127.0.0.1:1", "ws": "ws://127.0.0.1:1"}


def lookalike(id, kind):
    """The simulated class under another id, which is told by `urls` where its sandbox is."""

    def __init__(self, config=None):
        given = dict(config or {})
        addresses = (given.pop("urls", None) or {}).get("api", NOWHERE)
        for name in ("httpsProxy", "wssProxy"):
            given.pop(name, None)
        cls.__base__.__init__(self, {"rateLimit": 1, **given, "simulatedAt": addresses})
        if HOST in addresses["rest"]:  # where the suite has a venue without sockets
            vars(self).pop(sandboxed._TARGET)
            if "session" in given:
                vars(self)["session"] = given["session"]

    def describe(self):
        return {**cls.__base__.describe(self), "id": name}

    name = f"like{id}"
    cls = type(name, (simulated_class(id, kind),), {"__init__": __init__, "describe": describe})
    return cls


def frontend(id):
    class Lookalike(Frontend, contract=1):
        def __init__(self, clock, seed, limits, options=None):
            told = described(id)
            # The suite names markets by their ids, and a simulated venue has their symbols for these.
            rows = [{**row, "id": row["symbol"]} for row in told["markets"]]
            told = read(f"like{id}", {**told, "markets": rows})
            super().__init__(clock, seed, limits, options, id=f"like{id}", description=told)

    Lookalike.id = f"like{id}"
    return Lookalike


for each in IDS:
    ccxt_ext.register(
        f"like{each}",
        sync=lookalike(each, "sync"),
        async_support=lookalike(each, "async"),
        pro=lookalike(each, "pro"),
        sandbox=frontend(each),
    )
