"""What ccxt's own class tells stays, and nothing of it reaches its venue."""

import inspect
import socket

import ccxt
import ccxt.async_support
import ccxt.pro
import pytest
import requests
from ccxt.base.errors import BaseError, NotSupported, PermissionDenied

from ccxt_ext import plugins
from ccxt_ext.sandbox import SandboxError
from ccxt_ext.testing.simulated.classes import MIXINS, PLUMBING, camel_case, simulated_class
from tests.simulated.conftest import result

MODULES = {"sync": ccxt, "async": ccxt.async_support, "pro": ccxt.pro}
IDS = {
    kind: [id for id in module.exchanges if id not in plugins.ids("sync")] for kind, module in MODULES.items()
}
ALL = [pytest.param(kind, id, id=f"{kind}-{id}") for kind, ids in IDS.items() for id in ids]
SAID = "it is simulated"


def owner_of(cls, name):
    return next(each for each in cls.__mro__ if name in vars(each))


def is_ccxts_base(cls):
    return cls.__module__.endswith("base.exchange")


@pytest.mark.parametrize("kind", MODULES)
def test_no_method_of_any_exchange_that_waits_for_an_answer_is_its_own(kind):
    slipped = []
    for id in IDS[kind]:
        cls = simulated_class(id, kind)
        asynchronous = simulated_class(id, "async" if kind == "sync" else kind)
        waiting = {
            name
            for each in asynchronous.__mro__
            for name, method in vars(each).items()
            if not name.startswith("__") and inspect.iscoroutinefunction(method)
            if name.islower()  # an instance gives its own class the other spelling of each
        }
        assert len(waiting) > 200, id
        for name in waiting & set(dir(cls)):
            owner = owner_of(cls, name)
            is_ours = owner is cls or any(issubclass(mixin, owner) for mixin in MIXINS[kind])
            if not is_ours and not (name in PLUMBING and is_ccxts_base(owner)):
                slipped.append(f"{id}.{name} of {owner.__module__}")
    assert not slipped


@pytest.mark.parametrize("kind", MODULES)
def test_both_spellings_are_ours(exchange, kind):
    MODULES[kind].binance()  # gives ccxt's own class its spellings
    cls = type(exchange("binance", kind))
    for name in ("create_order", "fetch_balance", "withdraw", "fetch_my_dust_trades", "load_markets"):
        assert getattr(cls, camel_case(name)) is getattr(cls, name)


@pytest.mark.parametrize("kind", MODULES)
def test_the_ways_to_a_network_are_ours_in_any_exchange(kind):
    names = {"fetch", "fetch2", "request", "sign", "handle_errors", "get_socks_proxy_session", "session"}
    if kind == "pro":
        names |= {"client", "watch", "watch_multiple", "handle_message"}
    for id in IDS[kind]:
        cls = simulated_class(id, kind)
        for name in names:
            owner = owner_of(cls, name)
            assert owner is cls or any(issubclass(mixin, owner) for mixin in MIXINS[kind]), f"{id}.{name}"


@pytest.fixture
def no_network(monkeypatch):
    """Nothing is looked up or dialled but on this machine."""
    real = socket.socket.connect, socket.getaddrinfo

    def connect(self, address):
        assert address[0] == "127.0.0.1", f"a connection to {address}"
        return real[0](self, address)

    def getaddrinfo(host, *args, **kwargs):
        assert host in ("127.0.0.1", "localhost"), f"{host} was looked up"
        return real[1](host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("kind", MODULES)
async def test_implicit_methods_are_explained_in_both_spellings(exchange, kind, no_network):
    binance = exchange("binance", kind)
    for method in (binance.publicGetTime, binance.public_get_time, binance.fapiPrivatePostOrder):
        with pytest.raises(NotSupported, match=SAID):
            await result(method({}))


@pytest.mark.parametrize("kind", MODULES)
async def test_what_has_tells_and_is_not_here_is_explained(exchange, kind, no_network):
    binance = exchange("binance", kind)
    assert binance.has["withdraw"] and binance.has["fetchGreeks"] and binance.has["fetchMarkOHLCV"]
    for called in (
        lambda: binance.withdraw("BTC", 1, "address"),
        lambda: binance.fetchGreeks("BTC/USDT:USDT-261225-50000-C"),
        lambda: binance.fetch_mark_ohlcv("BTC/USDT:USDT"),
        lambda: binance.fetch_my_dust_trades(),
        lambda: binance.create_trailing_percent_order("BTC/USDT", "market", "sell", 1, None, 5),
        lambda: binance.sign("ticker"),
    ):
        with pytest.raises(NotSupported, match=SAID):
            await result(called())


@pytest.mark.parametrize("kind", MODULES)
async def test_what_has_denies_is_refused_in_ccxts_words(exchange, kind, no_network):
    kraken = exchange("kraken", kind)
    assert not kraken.has["fetchLastPrices"]
    with pytest.raises(NotSupported, match=r"^kraken fetchLastPrices\(\) is not supported yet$"):
        await result(kraken.fetchLastPrices())
    mine = exchange("kraken", kind, has={"fetchTickers": False})
    with pytest.raises(NotSupported, match="not supported yet"):
        await result(mine.fetch_tickers())


@pytest.mark.parametrize("kind", MODULES)
async def test_nothing_goes_to_another_address(exchange, kind, no_network):
    binance = exchange("binance", kind)
    with pytest.raises(NotSupported, match="fetch"):
        await result(binance.fetch("https://api.binance.com/api/v3/time"))
    with pytest.raises(PermissionDenied, match="nothing was sent"):
        await result(exchange("binance", kind, httpProxy="http://127.0.0.1:1").fetch_time())
    with pytest.raises((PermissionDenied, NotSupported)):
        await result(exchange("binance", kind, socksProxy="socks5://127.0.0.1:1").fetch_time())
    if kind == "pro":
        with pytest.raises(NotSupported, match="a connection to"):
            binance.client("wss://stream.binance.com/ws")
        with pytest.raises(NotSupported, match="a connection to"):
            await binance.watch("wss://stream.binance.com/ws", "hash")


def test_a_session_of_the_programs_own_reaches_the_sandbox_alone(exchange):
    class Spy(requests.Session):
        def request(self, *args, **kwargs):
            raise AssertionError("it was used")

    kraken = exchange("kraken", "sync", session=Spy())
    assert kraken.fetch_time()


@pytest.mark.parametrize("kind", MODULES)
def test_it_tells_of_itself_as_ccxt_does(exchange, kind):
    for id in ("binance", "kraken", "hyperliquid", "bitfinex"):
        real, simulated = getattr(MODULES[kind], id)(), exchange(id, kind)
        assert simulated.simulated is True and not hasattr(real, "simulated")
        assert isinstance(simulated, getattr(MODULES[kind], id)) and repr(simulated) == repr(real)
        assert type(simulated).__name__ == type(real).__name__
        for name in (
            "id",
            "name",
            "has",
            "fees",
            "features",
            "timeframes",
            "precisionMode",
            "urls",
            "exceptions",
        ):
            assert getattr(simulated, name) == getattr(real, name), f"{id}.{name}"
        assert simulated.requiredCredentials == real.requiredCredentials
        assert simulated.describe()["has"] == real.describe()["has"]
        # With the sandbox's limits, which are a hundred times wider.
        assert simulated.rateLimit == pytest.approx(real.rateLimit / 100)


def test_signatures_are_ccxts(exchange):
    binance = exchange("binance", "sync")
    for name in ("create_order", "fetch_ohlcv", "cancel_all_orders", "createOrder"):
        theirs = inspect.signature(getattr(ccxt.Exchange, name.replace("createOrder", "create_order")))
        assert list(inspect.signature(getattr(type(binance), name)).parameters) == list(theirs.parameters)
    assert inspect.iscoroutinefunction(exchange("binance", "async").fetch_ticker)


@pytest.mark.parametrize(
    ("id", "kind", "words"),
    [
        ("nobody", "sync", "ccxt has no ccxt.nobody"),
        ("zaif", "pro", "ccxt has no ccxt.pro.zaif"),
        ("binance", "rest", "kind is sync, async, pro"),
        ("Exchange", "sync", "ccxt has no ccxt.Exchange"),
    ],
)
def test_an_unknown_id_or_kind_is_refused_in_words(exchange, id, kind, words):
    with pytest.raises(SandboxError, match=words):
        exchange(id, kind)


def test_one_that_knows_no_sandbox_is_not_made():
    with pytest.raises(SandboxError, match="which knows its sandbox"):
        simulated_class("binance", "sync")()


def test_a_class_of_ccxts_own_gets_nowhere_with_a_config(box, exchange, no_network):
    exchange("kraken", "sync")
    with pytest.raises(BaseError):
        ccxt.kraken(box.config("kraken")).fetch_time()
