"""Whatever a venue refuses with, nothing that lives is called dead, and a doubtful outcome is called so."""

import re

import ccxt
import pytest
from bench import Bench
from refusals import GONE, UNSAID, refusals_of
from wire import call

import ccxt_ext
from ccxt_ext import reset_shared

READS = (
    *("fetchBalance", "fetchOpenOrders", "fetchClosedOrders", "fetchMyTrades", "fetchOrder"),
    *("fetchOrderTrades", "fetchPositions", "fetchDeposits", "fetchWithdrawals", "fetchTransfers"),
)


def paths_of(exchange, marked):
    """A pattern of the paths of endpoints that `marked` chooses by method, path and entry."""

    def leaves(tree):
        for name, entry in tree.items():
            if name in ("get", "post", "put", "delete"):
                for path, config in entry.items():
                    if marked(name, path, config if isinstance(config, dict) else {}):
                        yield name.upper(), re.sub(r"{\w+}", "[^/]+", path)
            elif isinstance(entry, dict):
                yield from leaves(entry)

    patterns = [(method, re.compile(rf"/{path.strip('/')}/?$")) for method, path in leaves(exchange.api)]
    return lambda sent: any(sent.method == m and p.search(sent.path) for m, p in patterns)


@pytest.fixture(scope="module", params=ccxt_ext.exchanges)
def scene(request):
    bench = Bench(request.param)
    exchange = bench.exchange()
    exchange.look_again_ms = (0,)
    markets = call(exchange, "loadMarkets")
    kind = exchange.options.get("defaultType", "spot")
    market = next(m for m in markets.values() if m["active"] and m[kind])
    symbol = market["symbol"]
    call(exchange, "fetchBalance")  # what has to be known of the account is
    bid = call(exchange, "fetchOrderBook", symbol)["bids"][-1][0]
    amount = max(market["limits"]["amount"]["min"] or 0, market["precision"]["amount"]) * 10
    order = call(exchange, "createOrder", symbol, "limit", "buy", amount, bid)
    return bench, exchange, (symbol, "limit", "buy", amount, bid), order["id"]


def is_open(bench, id):
    return any(bench.name(order) == id for order in bench.engine.orders("config", None, ("open",)))


def answered(bench, exchange, chosen, answer, method, *args):
    """The error of a call whose own requests are answered with `answer`; None if it told of a success."""
    real, met = bench.answer, []

    def answering(sent):
        if not chosen(sent):
            return real(sent)
        met.append(sent)
        return answer

    bench.wire.answer = answering
    try:
        call(exchange, method, *args)
        return None, met
    except ccxt.BaseError as error:
        return error, met
    finally:
        bench.wire.answer = real


def test_placing(scene):
    bench, exchange, order, _ = scene
    placing = paths_of(exchange, lambda method, path, config: config.get("once"))
    wrong = []
    for refusal in refusals_of(bench.id):
        error, met = answered(bench, exchange, placing, refusal.answer, "createOrder", *order)
        assert met, "nothing was sent"
        wrong += [f"{refusal}: {what}" for what in placing_wrongly(refusal, error)]
    assert not wrong, "\n".join(["", *wrong])


def placing_wrongly(refusal, error, exact=True):
    if error is None:
        yield "told as a success"
        return
    unknown = getattr(error, "outcome", None) == "unknown"
    believed = refusal.documented and refusal.words.of_order != UNSAID
    early = ccxt.RateLimitExceeded in refusal.words.kinds and not refusal.html  # said before all else
    doubtful = refusal.status >= 500 or (200 <= refusal.status < 300 and not refusal.documented and not early)
    if (doubtful or (refusal.documented and not believed)) and not unknown:
        yield f"{type(error).__name__}, as if it were not placed"
    if exact and believed and not isinstance(error, refusal.words.kinds) and refusal.words.of_order != GONE:
        yield f"{type(error).__name__}, not {' or '.join(kind.__name__ for kind in refusal.words.kinds)}"
    if refusal.words.of_order != GONE and isinstance(error, ccxt.OrderNotFound):
        yield "OrderNotFound"


@pytest.mark.parametrize("method", ["createOrders", "transfer", "withdraw"])
def test_doing_what_must_not_be_done_twice(scene, method):
    bench, exchange, order, _ = scene
    if method not in DONE_ONCE.get(bench.id, ()):
        return
    once = paths_of(exchange, lambda method, path, config: config.get("once"))
    wrong = []
    for refusal in refusals_of(bench.id):
        args = DONE_ONCE[bench.id][method](bench, order)
        error, met = answered(bench, exchange, once, refusal.answer, method, *args)
        assert met, "nothing was sent"
        wrong += [f"{refusal}: {what}" for what in placing_wrongly(refusal, error, exact=False)]
    assert not wrong, "\n".join(["", *wrong])


def to_another(bench, order):
    return "USDT", 1, None, bench.engine.uids["counterparty"]


DONE_ONCE = {
    "bitmaxfutures": {
        "createOrders": lambda bench, order: (
            [dict(zip(("symbol", "type", "side", "amount", "price"), order, strict=True))],
        ),
        "transfer": lambda bench, order: ("USDT", 1, "spot", "swap"),
    },
    "bitexbit": {
        "transfer": to_another,
        "withdraw": lambda bench, order: ("USDT", 20, "T" + "1" * 33, None, {"network": "tron"}),
    },
}


def cancels(method, path, config):
    return method == "delete" or "cancel" in path


@pytest.mark.parametrize("method", ["cancelOrder", "cancelAllOrders", "cancelOrders"])
def test_cancelling(scene, method):
    bench, exchange, (symbol, *_), id = scene
    if not exchange.has[method]:
        return
    args = {"cancelOrder": (id, symbol), "cancelAllOrders": (symbol,), "cancelOrders": ([id], symbol)}[method]
    cancelling = paths_of(exchange, cancels)
    wrong = []
    for refusal in refusals_of(bench.id):
        bench.advance(2000)  # within the venue's limit
        error, met = answered(bench, exchange, cancelling, refusal.answer, method, *args)
        assert met and is_open(bench, id), (refusal, error)
        wrong += [f"{refusal}: {what}" for what in cancelling_wrongly(refusal, error, method)]
    assert not wrong, "\n".join(["", *wrong])


def cancelling_wrongly(refusal, error, method):
    if error is None:
        yield "told as a success, and the order lives"
        return
    said_gone = refusal.words.of_order == GONE and not refusal.html and refusal.status < 500
    if isinstance(error, ccxt.OrderNotFound) and not said_gone:
        yield "OrderNotFound, and the order lives"
    believed = refusal.documented and refusal.words.of_order != UNSAID and method == "cancelOrder"
    if believed and not isinstance(error, refusal.words.kinds):
        yield f"{type(error).__name__}, not {' or '.join(kind.__name__ for kind in refusal.words.kinds)}"


@pytest.mark.parametrize("method", READS)
def test_looking(scene, method):
    """An answer that is none is never taken for an empty list, nor a living order for none."""
    bench, exchange, (symbol, *_), id = scene
    if not exchange.has[method]:
        return
    own = {"fetchPositions": ([symbol],), **dict.fromkeys(("fetchOrder", "fetchOrderTrades"), (id, symbol))}
    args = own.get(method, (symbol,) if "Order" in method or "Trades" in method else ())
    wrong = []
    for refusal in refusals_of(bench.id):
        if refusal.answer.text in ("null", "[]"):
            continue
        reset_shared()  # what is known of the key: a login may be refused as well
        if refusal.words.of_order == GONE:
            bench.advance(2000)  # within the venue's limit
            call(exchange, "fetchBalance")  # said of a login, it is nonsense
        error, met = answered(bench, exchange, lambda sent: True, refusal.answer, method, *args)
        assert met
        if error is None:
            wrong.append(f"{refusal}: told as a success")
            continue
        said_gone = refusal.words.of_order == GONE and not refusal.html and refusal.status < 500
        if isinstance(error, ccxt.OrderNotFound) and not said_gone:
            wrong.append(f"{refusal}: OrderNotFound")
        of_others = refusal.words.of_order == GONE and method not in ("fetchOrder", "fetchOrderTrades")
        kinds = (*refusal.words.kinds, ccxt.OrderNotFound, *(() if not of_others else (ccxt.ExchangeError,)))
        if refusal.documented and not isinstance(error, kinds):
            wrong.append(f"{refusal}: {type(error).__name__}")
    assert not wrong, "\n".join(["", *wrong])
