"""Whatever a venue refuses with, nothing that lives is called dead, and a doubtful outcome is called so."""

import re

import ccxt
import pytest

import ccxt_ext
from ccxt_ext import reset_shared
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.wire import Answer, call
from tests.nets.refusals import GONE, changing_wrongly, refusals_of

READS = (
    *("fetchBalance", "fetchOpenOrders", "fetchClosedOrders", "fetchMyTrades", "fetchOrder"),
    *("fetchOrderTrades", "fetchPositions", "fetchDeposits", "fetchWithdrawals", "fetchTransfers"),
)

# The same endpoints and lists as those, or settings: read by the same code.
MORE_READS = {
    "fetchOrders": True,
    "fetchCanceledOrders": True,
    "fetchCanceledAndClosedOrders": True,
    "fetchPosition": True,
    "fetchPositionsForSymbol": True,
    "fetchPositionsHistory": True,
    "fetchFundingHistory": True,
    "fetchLeverage": True,
    "fetchLeverages": False,
    "fetchMarginMode": True,
    "fetchMarginModes": False,
    "fetchTradingFee": True,
    "fetchTradingFees": False,
    "fetchDepositsWithdrawals": False,
    "fetchDepositAddress": False,
    "fetchDepositAddresses": False,
    "fetchDepositAddressesByNetwork": False,
    "fetchDepositWithdrawFees": False,
    "fetchAccounts": False,
}


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

    patterns = [
        (method, re.compile(rf"/{path.strip('/')}/?$"), re.compile(rf"[?&]method={path}(&|$)"))
        for method, path in leaves(exchange.api)
    ]

    def found(sent):
        asked = f"{sent.url}&{sent.body}"  # BTEX's spot API has one path, and names there what it is to do
        return any(
            sent.method == method and (path.search(sent.path) or named.search(asked))
            for method, path, named in patterns
        )

    return found


def endpoints_of(exchange):
    """Of each private endpoint the implicit method, the path and its entry."""

    def leaves(tree, *names):
        for name, entry in tree.items():
            if name in ("get", "post", "put", "delete"):
                for path, config in entry.items():
                    words = re.split(r"[^a-zA-Z0-9]+", path.strip("/"))
                    words = [*names, name, *filter(None, words)]
                    config = config if isinstance(config, dict) else {}
                    yield "_".join(word.lower() for word in words), path, config
            elif isinstance(entry, dict):
                yield from leaves(entry, *names, name)

    yield from leaves(exchange.api)


@pytest.fixture(scope="module", params=[*ccxt_ext.exchanges, "btex spot"])
def scene(request):
    id, _, chosen = request.param.partition(" ")
    bench = Bench(id)
    exchange = bench.exchange()
    if chosen:
        exchange.options["defaultType"] = chosen
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


def does_something(method, path, config):
    return not {"once", "changes", "cancels"}.isdisjoint(config)


def told_wrongly(bench, exchange, chosen, refusals, judged, method, *args):
    """What is wrong with what a caller is told of each refusal."""
    for refusal in refusals:
        bench.advance(2000)  # within the venue's limit
        error, met = answered(bench, exchange, chosen, refusal.answer, method, *args)
        assert met, f"{method} sent nothing: {error}"
        yield from (f"{method} {refusal}: {what}" for what in judged(refusal, error))


def test_placing(scene):
    bench, exchange, order, _ = scene
    placing = paths_of(exchange, lambda method, path, config: config.get("once"))
    refusals = refusals_of(bench.id)
    wrong = told_wrongly(bench, exchange, placing, refusals, changing_wrongly, "createOrder", *order)
    wrong = list(wrong)
    assert not wrong, "\n".join(["", *wrong])


def test_doing_something_else(scene):
    """What must not be done twice, or changes what a key has."""
    bench, exchange, order, _ = scene
    doing = paths_of(exchange, does_something)
    wrong = []
    for number, (method, *args) in enumerate(CALLS[bench.id](bench, order)):
        refusals = refusals_of(bench.id, few=number > 0)
        wrong += told_wrongly(bench, exchange, doing, refusals, changing_wrongly, method, *args)
    assert not wrong, "\n".join(["", *wrong])


def calls_of_bitmaxfutures(bench, order):
    symbol = order[0]
    row = dict(zip(("symbol", "type", "side", "amount", "price"), order, strict=True))
    yield "createOrders", [row]
    yield "transfer", "USDT", 1, "spot", "swap"
    yield "transfer", "USDT", 1, "swap", "spot"
    yield "setLeverage", 5, symbol
    yield "setMarginMode", "isolated", symbol
    yield "addMargin", symbol, 1
    yield "reduceMargin", symbol, 1
    yield "closePosition", symbol
    yield ("closeAllPositions",)


def calls_of_bitexbit(bench, order):
    yield "withdraw", "USDT", 20, "T" + "1" * 33, None, {"network": "tron"}
    yield "transfer", "USDT", 1, None, bench.frontend.bank.uids["counterparty"]
    yield "createDepositAddress", "USDT", {"network": "tron"}


CALLS = {
    "bitmaxfutures": calls_of_bitmaxfutures,
    "bitexbit": calls_of_bitexbit,
    **dict.fromkeys(("bitmart2", "btex", "bitexasia"), lambda bench, order: ()),
}


def test_every_call_that_does_something_is_among_them(scene):
    """Or sends nothing, or is made of others: so a new one cannot be left out."""
    bench, exchange, order, _ = scene
    prefixes = (
        "set",
        "add",
        "reduce",
        "transfer",
        "withdraw",
        "close",
        "createDeposit",
        "createOrders",
        "edit",
    )
    able = {name for name, can in exchange.has.items() if can and name.startswith(prefixes)}
    known = {method for method, *_ in CALLS[bench.id](bench, order)}
    local = {"setPositionMode"} | ({"setLeverage", "setMarginMode"} if bench.id == "btex" else set())
    assert able - known - local == ({"editOrder"} if bench.id == "bitmaxfutures" else set())


def test_endpoints_without_a_method(scene):
    """Of their answers nothing is known but the status."""
    bench, exchange, *_ = scene
    own = paths_of(exchange, does_something)
    wrong = []
    for name, path, config in endpoints_of(exchange):
        if not does_something(None, path, config):
            continue
        params = {**dict.fromkeys(exchange.extract_params(path), "7"), "order_id": "7", "pair": "btc_usdt"}
        for refusal in refusals_of(bench.id, few=True):
            if refusal.status >= 500 or (refusal.html and refusal.status == 200):
                error, met = answered(bench, exchange, own, refusal.answer, name, params)
                assert met, f"{name} sent nothing: {error}"
                if getattr(error, "outcome", None) != "unknown":
                    wrong.append(f"{name} {refusal}: {error!r}")
    assert not wrong, "\n".join(["", *wrong])


def test_editing(scene):
    """Either half may be refused; the order lives until its cancel was taken."""
    bench, exchange, (symbol, type, side, amount, price), id = scene
    if not exchange.has["editOrder"]:
        return
    edit = ("editOrder", id, symbol, type, side, amount * 2, price)

    def judged(refusal, error):
        assert is_open(bench, id), (refusal, error)
        if not hasattr(error, "canceled_order_id"):
            yield from cancelling_wrongly(refusal, error, "editOrder")
        else:
            yield "told as cancelled, and the order lives"

    cancelling = paths_of(exchange, cancels)
    refusals = refusals_of(bench.id, few=True)
    wrong = list(told_wrongly(bench, exchange, cancelling, refusals, judged, *edit))
    # Now the cancel is taken: the venue says so, though it spares the order for the next one.
    row = {**call(exchange, "fetchOrder", id, symbol)["info"], "status": "Canceled", "seqNum": 7}
    told, real = Answer({"code": 0, "data": {"info": row}}), bench.answer
    placing = paths_of(exchange, lambda method, path, config: config.get("once"))

    def judged_after(refusal, error):
        if getattr(error, "canceled_order_id", None) != id:
            yield f"{error!r} does not tell that the order is gone"
        yield from changing_wrongly(refusal, error)

    bench.answer = lambda sent: told if sent.method == "DELETE" else real(sent)
    try:
        refusals = refusals_of(bench.id, few=True)
        wrong += told_wrongly(bench, exchange, placing, refusals, judged_after, *edit)
    finally:
        bench.answer = real
    assert not wrong, "\n".join(["", *wrong])


def cancels(method, path, config):
    return method == "delete" or "cancel" in path


@pytest.mark.parametrize("method", ["cancelOrder", "cancelAllOrders", "cancelOrders"])
def test_cancelling(scene, method):
    bench, exchange, (symbol, *_), id = scene
    if not exchange.has_on(method, exchange.market(symbol)["type"]):
        return
    args = {"cancelOrder": (id, symbol), "cancelAllOrders": (symbol,), "cancelOrders": ([id], symbol)}[method]

    def judged(refusal, error):
        assert is_open(bench, id), (refusal, error)
        yield from cancelling_wrongly(refusal, error, method)

    cancelling = paths_of(exchange, cancels)
    wrong = list(told_wrongly(bench, exchange, cancelling, refusals_of(bench.id), judged, method, *args))
    assert not wrong, "\n".join(["", *wrong])


def cancelling_wrongly(refusal, error, method):
    if error is None:
        yield "told as a success, and the order lives"
        return
    said_gone = refusal.words.of_order == GONE and not refusal.html and refusal.status < 500
    if isinstance(error, ccxt.OrderNotFound):
        if not said_gone:
            yield "OrderNotFound, and the order lives"
        return
    exact = method in ("cancelOrder", "editOrder")
    for what in changing_wrongly(refusal, error, exact):
        # What is asked for one by one is looked for afterwards: then it is known to be open.
        if exact or "outcome" not in what:
            yield what


@pytest.mark.parametrize("method", READS)
def test_looking(scene, method):
    """An answer that is none is never taken for an empty list, nor a living order for none."""
    bench, exchange, (symbol, *_), id = scene
    if not exchange.has_on(method, exchange.market(symbol)["type"]):
        return
    own = {"fetchPositions": ([symbol],), **dict.fromkeys(("fetchOrder", "fetchOrderTrades"), (id, symbol))}
    args = own.get(method, (symbol,) if "Order" in method or "Trades" in method else ())
    wrong = looking_wrongly(bench, exchange, refusals_of(bench.id), method, *args)
    assert not wrong, "\n".join(["", *wrong])


def test_looking_by_other_methods(scene):
    bench, exchange, (symbol, *_), _ = scene
    wrong = []
    for method, of_market in MORE_READS.items():
        if exchange.has_on(method, exchange.market(symbol)["type"]):
            named = {"fetchPositionsHistory": ([symbol],), "fetchDepositAddress": ("USDT",)}
            named["fetchDepositAddressesByNetwork"] = ("USDT",)
            args = named.get(method, (symbol,) if of_market else ())
            refusals = refusals_of(bench.id, few=True)
            wrong += looking_wrongly(bench, exchange, refusals, method, *args)
    assert not wrong, "\n".join(["", *wrong])


def looking_wrongly(bench, exchange, refusals, method, *args):
    wrong = []
    for refusal in refusals:
        if refusal.answer.text in ("null", "[]"):
            continue
        reset_shared()  # what is known of the key: a login may be refused as well
        if refusal.words.of_order == GONE:
            bench.advance(2000)  # within the venue's limit
            call(exchange, "fetchBalance")  # said of a login, it is nonsense
        error, met = answered(bench, exchange, lambda sent: True, refusal.answer, method, *args)
        assert met
        if error is None:
            wrong.append(f"{method} {refusal}: told as a success")
            continue
        said_gone = refusal.words.of_order == GONE and not refusal.html and refusal.status < 500
        if isinstance(error, ccxt.OrderNotFound) and not said_gone:
            wrong.append(f"{method} {refusal}: OrderNotFound")
        of_others = refusal.words.of_order == GONE and method not in ("fetchOrder", "fetchOrderTrades")
        kinds = (*refusal.words.kinds, ccxt.OrderNotFound, *(() if not of_others else (ccxt.ExchangeError,)))
        if refusal.documented and not isinstance(error, kinds):
            wrong.append(f"{method} {refusal}: {type(error).__name__}")
    return wrong
