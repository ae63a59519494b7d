"""What the net of parameters casts: ccxt's unified parameters, and calls whose requests can be compared."""

import inspect
import itertools
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

import ccxt

from ccxt_ext.testing.wire import Answer, call

# A value of each that asks for something, so that who does not do it has to say so.
WISHES = {
    "clientOrderId": "canaryClientOrderId12345",
    "clientOrderIds": ["canaryClientOrderId12345"],
    "cost": 12.5,
    "createMarketBuyOrderRequiresPrice": False,
    "hedged": True,
    "iceberg": True,
    "leverage": 3,
    "margin": True,
    "marginMode": "isolated",
    "method": "canaryMethod",
    "network": "CANARY",
    "networkCode": "CANARY",
    "paginate": True,
    "portfolioMargin": True,
    "positionSide": "LONG",
    "postOnly": True,
    "reduceOnly": True,
    "selfTradePrevention": "EXPIRE_TAKER",
    "stop": True,
    "stopLoss": {"triggerPrice": 2},
    "stopLossPrice": 2,
    "stopPrice": 2,
    "tag": "canaryTag",
    "takeProfit": {"triggerPrice": 2},
    "takeProfitPrice": 2,
    "test": True,
    "till": 1_525_760_117_000,
    "timeInForce": "IOC",
    "trailing": True,
    "trailingAmount": 3,
    "trailingPercent": 3,
    "trailingTriggerPrice": 3,
    "trigger": True,
    "triggerDirection": "ascending",
    "triggerPrice": 2,
    "triggerPriceType": "mark",
    "unifiedMargin": True,
    "until": 1_525_760_117_000,
}

# Names for the same.
ALIASES = {"networkCode": "network", "stop": "trigger", "till": "until"}

# What asks for nothing, at any method.
HARMLESS = (
    *((name, None) for name in (*WISHES, "type", "defaultType", "subType", "defaultSubType", "raw")),
    *((name, value) for name in ("timeInForce",) for value in ("GTC", "gtc", "Gtc")),
    *(
        (name, False)
        for name in ("hedged", "paginate", "portfolioMargin", "postOnly", "reduceOnly", "stop", "trigger")
    ),
    *((name, 3) for name in ("paginationCalls", "maxEntriesPerRequest", "maxRetries")),
    ("paginationDirection", "backward"),
    ("createMarketBuyOrderRequiresPrice", True),
)

# What no method of any venue has a sense for.
SENSELESS = (
    ("type", 7),
    ("type", "canary"),
    ("defaultType", "option"),
    ("subType", "canary"),
    ("until", "soon"),
    ("marginMode", "canary"),
    ("timeInForce", "CANARY"),
    ("postOnly", "yes"),
    ("reduceOnly", 2),
    ("trigger", "canary"),
    ("raw", "canary"),
)


def unified(exchange, profile):
    """The methods that the profile has arguments for, and that take parameters."""
    for method in (*profile.calls, *profile.unsent):
        if "params" in inspect.signature(getattr(exchange, method)).parameters:
            yield method


def arguments(exchange, profile, method, params):
    """Those of the profile, with `params` added to its own."""
    given = {**profile.calls, **profile.unsent}[method]
    bound = inspect.signature(getattr(exchange, method)).bind(*given)
    bound.apply_defaults()
    bound.arguments["params"] = {**bound.arguments["params"], **params}
    return bound.args


REFUSALS = (ccxt.NotSupported, ccxt.BadRequest)

OTHER = {"spot": "swap", "swap": "spot", "linear": "inverse", "inverse": "linear"}


def kind_words(profile, exchange):
    """What the market of the calls is, in the words that callers have for it."""
    market = exchange.market(profile.symbol)
    words = [("type", market["type"]), ("defaultType", market["type"]), ("type", market["type"].upper())]
    if market["contract"]:
        words.append(("subType", "linear" if market["linear"] else "inverse"))
    return words


NUMBERS = itertools.count(100_000_000)


def still(exchange):
    """The same clock at each call. Its own ids are others each time, of the same length."""
    exchange.milliseconds = lambda: 1_700_000_000_000
    for name in ("uuid", "new_client_order_id"):
        if hasattr(exchange, name):
            setattr(exchange, name, lambda: f"canaryOwnId{next(NUMBERS)}")


class Caller:
    """Calls one method of one exchange, and tells what each call sent."""

    def __init__(self, profile, kind, method):
        sample = profile.samples.get(method)
        answer = Answer(json.dumps(profile.sample(sample[0])) if sample else profile.nothing)
        self.profile, self.method = profile, method
        given = {**profile.calls, **profile.unsent}[method]
        # Parameters without which the method does not work.
        self.needs = {name for each in given if isinstance(each, dict) for name in each}
        self.exchange, self.wire = profile.offline(kind, lambda request: answer)
        still(self.exchange)
        self.call({})  # with what comes before the first call only, such as a login
        first, second = self.call({}), self.call({})
        self.changing = {
            field for before, after in zip(first[1], second[1], strict=True) for field in before ^ after
        }
        self.changing = {name for name, _ in self.changing}
        self.plain = self.without_changing(second)

    def call(self, params):
        """The error, if there was one, and the fields of each request."""
        del self.wire.requests[:]
        error = None
        try:
            call(self.exchange, self.method, *arguments(self.exchange, self.profile, self.method, params))
        except Exception as raised:
            error = raised
        return error, [fields(request) for request in self.wire.requests]

    def told(self, params):
        return self.without_changing(self.call(params))

    def names_a_symbol(self):
        exchange = self.exchange
        bound = inspect.signature(getattr(exchange, self.method)).bind(
            *{**self.profile.calls, **self.profile.unsent}[self.method]
        )
        return any(bound.arguments.get(name) for name in ("symbol", "symbols"))

    def without_changing(self, outcome):
        error, requests = outcome
        kept = [frozenset(field for field in sent if field[0] not in self.changing) for sent in requests]
        return error, kept


def fields(request):
    """All that a request says, apart from its headers, as pairs of names and values."""
    found = {("path", f"{request.method} {request.path}"), *request.query.items()}
    if request.body.startswith(("{", "[")):
        return frozenset(found | set(leaves(json.loads(request.body))))
    return frozenset(found | set(parse_qsl(request.body)))


def leaves(tree, name=""):
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from leaves(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from leaves(value, name)
    else:
        yield name, str(tree)
