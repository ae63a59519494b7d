"""While the variable is set, nothing but the sandbox's address is reached, and with nothing but its keys."""

import contextlib
import copy
import inspect
import json
import pickle
import sys
import threading
import types
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import aiohttp
import ccxt
import ccxt.async_support
import ccxt.pro
import pytest
import requests
from ccxt.async_support.base import exchange as ccxts_exchange

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.venue.closed import guard as closed
from ccxt_ext.venue.closed import sandboxed
from ccxt_ext.venue.closed.sandboxed import VARIABLE, OutsideSandbox
from ccxt_ext.venue.keys.credentials import CREDENTIALS

HOMES = [ccxt_ext, ccxt_ext.async_support, ccxt_ext.pro]
homes = pytest.mark.parametrize("home", HOMES, ids=["sync", "async", "pro"])
venues = pytest.mark.parametrize("id", ccxt_ext.exchanges)

# What a real configuration has, and no request to a sandbox may show.
REAL = {
    **{name: f"real-{name}" for name in CREDENTIALS},
    "headers": {"Authorization": "Bearer real-header"},
}
SANDBOXS = {"apiKey": "sandbox-key", "secret": "sandbox-secret", "uid": "sandbox-uid"}


FINE = (200, {}, b"{}")


class Server:
    """Keeps what it gets, and answers with `answer`."""

    def __init__(self):
        self.got = []
        self.answer = FINE
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def take(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.got.append(f"{self.command} {self.path}\n{self.headers}{body!r}")
                status, headers, answer = outer.answer
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_DELETE = do_PUT = do_CONNECT = take

            def log_message(self, *args):
                """Nothing: `got` is the log."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def servers():
    """(one that takes the place of a sandbox, one that nothing may reach)"""
    box, trap = Server(), Server()
    yield box, trap
    box.close()
    trap.close()


@pytest.fixture
def box(servers, monkeypatch):
    box = servers[0]
    box.got.clear()
    box.answer = FINE
    api = dict.fromkeys(("rest", "spot", "v2", "gateway", "public", "private", "contracts"), box.url)
    api["ws"] = f"ws://127.0.0.1:{box.port}"
    target = {**SANDBOXS, "urls": {"api": api}, "rateLimit": 1}
    monkeypatch.setenv(VARIABLE, json.dumps(dict.fromkeys([*ccxt_ext.exchanges, "plugin"], target)))
    return box


@pytest.fixture
def trap(servers):
    trap = servers[1]
    trap.got.clear()
    yield trap
    assert trap.got == []


async def called(method, *args):
    result = method(*args)
    return await result if inspect.isawaitable(result) else result


async def reach(exchange, box):
    with contextlib.suppress(ccxt.BaseError):  # a venue may see an error in the answer
        await called(exchange.fetch, f"{box.url}/x")


@contextlib.asynccontextmanager
async def opened(exchange):
    try:
        yield exchange
    finally:
        if not exchange.synchronous:
            await exchange.close()


# -- addresses ------------------------------------------------------------------------------------------


@homes
@venues
async def test_a_sandbox_is_reached(box, trap, home, id):
    async with opened(getattr(home, id)(REAL)) as exchange:
        await reach(exchange, box)
    assert len(box.got) == 1


@homes
async def test_nothing_else_is(box, trap, home):
    async with opened(home.btex()) as exchange:
        for url in (
            trap.url,  # another port of the loopback
            f"http://localhost:{box.port}",
            f"http://127.0.0.2:{box.port}",
            f"http://127.0.0.1:{trap.port}\\@127.0.0.1:{box.port}",
            f"http://127.0.0.1:{box.port}@127.0.0.1:{trap.port}",
            f"https://127.0.0.1:{trap.port}",
            "http://elsewhere.example/",
            "https://elsewhere.example/",
        ):
            with pytest.raises(ccxt.BaseError) as caught:
                await called(exchange.fetch, url)
            assert isinstance(caught.value, OutsideSandbox) or "\\" in url
    assert box.got == []


@homes
async def test_addresses_that_are_changed_later(box, trap, home):
    async with opened(home.bitmart2()) as exchange:
        exchange.urls["api"]["rest"] = trap.url
        with pytest.raises(OutsideSandbox, match=f"127.0.0.1:{trap.port}, and its sandbox is at"):
            await called(exchange.fetch_time)
        exchange.urls = {"api": {"rest": "https://elsewhere.example"}}
        with pytest.raises(OutsideSandbox, match=r"elsewhere\.example:443"):
            await called(exchange.fetch_time)
    assert box.got == []


@homes
@venues
@pytest.mark.parametrize("config", [{"sandbox": True}, {"testnet": True}, {"options": {"sandbox": True}}, {}])
async def test_a_mode_for_sandboxes_counts_as_done(box, trap, home, id, config):
    async with opened(getattr(home, id)(config)) as exchange:
        before = dict(exchange.urls["api"])
        exchange.set_sandbox_mode(True)
        exchange.setSandboxMode(True)
        exchange.enable_demo_trading(True)
        assert exchange.isSandboxModeEnabled and exchange.urls["api"] == before
        exchange.set_sandbox_mode(False)
        assert not exchange.isSandboxModeEnabled and exchange.urls["api"] == before


@pytest.fixture
def socks(monkeypatch):
    """As if aiohttp_socks were installed."""
    module = types.ModuleType("aiohttp_socks")
    module.ProxyConnector = aiohttp.TCPConnector
    monkeypatch.setitem(sys.modules, "aiohttp_socks", module)
    # Where older releases of ccxt keep it.
    monkeypatch.setattr(ccxts_exchange, "SocksProxyConnector", module.ProxyConnector, raising=False)


def proxied(home):
    names = {"http_proxy", "httpProxy", "httpsProxy", "socksProxy", "proxyUrl", "proxies", "aiohttp_proxy"}
    # Of a class for requests, or of https alone, where others have one for all.
    return sorted(names - ({"aiohttp_proxy", "httpsProxy"} if home is ccxt_ext else {"proxies"}))


@pytest.mark.parametrize(("home", "name"), [(home, name) for home in HOMES[:2] for name in proxied(home)])
async def test_no_proxy(box, trap, home, name, socks):
    value = {"proxies": {"http": trap.url}, "proxyUrl": f"{trap.url}/"}.get(name, trap.url)
    # Newer releases of ccxt take a proxyUrl for one of two settings that contradict each other.
    refusals = (OutsideSandbox, ccxt.InvalidProxySettings) if name == "proxyUrl" else OutsideSandbox
    async with opened(home.bitmart2({name: value})) as exchange:
        with pytest.raises(refusals):
            await called(exchange.fetch, f"{box.url}/x")
    assert box.got == []


@homes
async def test_no_proxy_of_the_environment(box, trap, home, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login real-login password real-password\n")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, trap.url)
    monkeypatch.setenv("NETRC", str(netrc))
    trusting = {"aiohttp_trust_env": True, "requests_trust_env": True}
    async with opened(home.bitmart2(trusting)) as exchange:
        await called(exchange.fetch, f"{box.url}/x")
    assert len(box.got) == 1 and "Authorization" not in box.got[0]


@homes
async def test_a_redirect_leads_nowhere(box, trap, home):
    box.answer = (307, {"Location": trap.url}, b"")
    async with opened(home.bitmart2()) as exchange:
        with pytest.raises(ccxt.ExchangeNotAvailable):
            await called(exchange.fetch_time)
    assert len(box.got) == 1


# -- sessions of the user's -----------------------------------------------------------------------------


def test_a_session_of_the_users_lends_nothing(box, trap):
    class Elsewhere(requests.adapters.HTTPAdapter):
        def send(self, request, **kwargs):
            trap.got.append(request.url)

    session = requests.Session()
    session.headers["X-Real"] = session.cookies["real"] = "real"
    session.auth = ("real", "real")
    session.proxies = {"http": trap.url}
    session.mount("http://", Elsewhere())
    before = ccxt_ext.bitmart2({"session": session})
    after = ccxt_ext.bitmart2()
    after.session = session
    changed = ccxt_ext.bitmart2()
    changed.session.headers["X-Real"] = "real"
    changed.session.auth = ("real", "real")
    changed.session.mount("http://", Elsewhere())
    for exchange in (before, after, changed):
        exchange.fetch(f"{box.url}/x")
        with pytest.raises(OutsideSandbox):
            exchange.fetch(trap.url)
        with pytest.raises(OutsideSandbox):
            exchange.session.get(trap.url)
    assert len(box.got) == 3
    assert "real" not in "".join(box.got).lower()


@pytest.mark.parametrize("home", HOMES[1:], ids=["async", "pro"])
async def test_an_async_session_of_the_users_lends_nothing(box, trap, home):
    class Elsewhere(aiohttp.TCPConnector):
        async def _create_connection(self, req, *args, **kwargs):
            trap.got.append(req.url)
            raise OSError

    async with aiohttp.ClientSession(connector=Elsewhere(), headers={"X-Real": "real"}) as session:
        given = home.bitmart2({"session": session})
        opened_before = home.bitmart2()
        opened_before.open()
        for exchange in (given, home.bitmart2(), opened_before):
            exchange.session = session
            async with opened(exchange):
                await called(exchange.fetch, f"{box.url}/x")
                with pytest.raises(OutsideSandbox):
                    await called(exchange.fetch, trap.url)
                with pytest.raises(OutsideSandbox):
                    await exchange.session.ws_connect(trap.url)
                assert exchange.session is not session
        assert not session.closed
    assert len(box.got) == 3
    assert "real" not in "".join(box.got).lower()


# -- streams --------------------------------------------------------------------------------------------


@venues
async def test_streams_stay(box, trap, id):
    at_once = {"options": {"ws": {"connectInterval": 0, "reconnectDelay": 0}}}
    async with opened(getattr(ccxt_ext.pro, id)(at_once)) as exchange:
        for url in (f"ws://127.0.0.1:{trap.port}/", "wss://elsewhere.example/"):
            with pytest.raises(OutsideSandbox):
                await exchange.feed.connected(url)
        exchange.wsProxy = trap.url
        with pytest.raises(OutsideSandbox, match="proxy"):
            await exchange.feed.connected(f"ws://127.0.0.1:{box.port}/")
        exchange.wsProxy, exchange.wsSocksProxy = None, "socks5://127.0.0.1:1"
        with pytest.raises(OutsideSandbox, match="proxy"):
            await exchange.feed.connected(f"ws://127.0.0.1:{box.port}/x")
    assert box.got == []


async def test_an_address_for_socket_io(box, trap):
    options = {"stream": {"url": f"ws://127.0.0.1:{trap.port}/socket.io/"}}
    async with opened(ccxt_ext.pro.bitexbit({"options": options})) as exchange:
        market = {"id": "ltc_btc", "symbol": "LTC/BTC", "base": "LTC", "quote": "BTC", "spot": True}
        exchange.set_markets([market])
        with pytest.raises(OutsideSandbox):
            await exchange.watch_order_book("LTC/BTC")
    assert box.got == []


async def test_headers_for_streams_stay_at_home(box, trap):
    box.answer = (403, {}, b"")
    config = {"options": {"ws": {"headers": {"X-Real": "real"}}}}
    async with opened(ccxt_ext.pro.bitmart2(config)) as exchange:
        exchange.options["ws"] = config["options"]["ws"]
        with pytest.raises(ccxt.PermissionDenied, match="refused the connection"):
            await exchange.feed.connected(f"ws://127.0.0.1:{box.port}/")
    assert len(box.got) == 1 and "real" not in box.got[0].lower()


# -- keys -----------------------------------------------------------------------------------------------


def assign_all(exchange):
    for name, value in REAL.items():
        setattr(exchange, name, value)
    exchange.headers["X-Real"] = "real"


@homes
@venues
async def test_real_keys_never_reach_a_sandbox(box, trap, home, id):
    class Own(getattr(home, id)):
        apiKey = secret = token = "real-of-the-class"

    for kind in (getattr(home, id), Own):
        async with opened(kind(REAL)) as exchange:
            assign_all(exchange)
            assert (exchange.apiKey, exchange.secret, exchange.uid) == tuple(SANDBOXS.values())
            assert not any("real" in str(getattr(exchange, name)) for name in CREDENTIALS)
            assert exchange.check_required_credentials(False)
            await reach(exchange, box)
    assert len(box.got) == 2
    assert "real" not in "".join(box.got).lower()


async def test_an_instance_from_before_sends_nothing(box, trap, monkeypatch):
    text = sandboxed.os.environ[VARIABLE]
    monkeypatch.delenv(VARIABLE)
    before = ccxt_ext.bitmart2(REAL)
    before.urls["api"]["rest"] = box.url
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(OutsideSandbox, match="made without it"):
        before.fetch_time()
    assert box.got == []


def test_a_sandboxs_instance_stays_one_without_the_variable(box, trap, monkeypatch):
    exchange = ccxt_ext.bitmart2(REAL)
    monkeypatch.delenv(VARIABLE)
    exchange.fetch(f"{box.url}/x")
    with pytest.raises(OutsideSandbox):
        exchange.fetch(trap.url)


def test_a_copy_of_a_closed_session_is_none_that_sends(box, trap):
    exchange = ccxt_ext.bitmart2()
    other = ccxt_ext.bitmart2()
    other.session = copy.deepcopy(exchange.session)
    with pytest.raises(OutsideSandbox):
        other.fetch(trap.url)
    assert type(pickle.loads(pickle.dumps(exchange.session))) is requests.Session


@homes
async def test_each_instance_is_kept_to_its_own_sandbox(trap, home, monkeypatch):
    """With a session or an id of another's, too, and when the environment names another sandbox."""
    first, second = ({**SANDBOXS, "urls": {"api": {"rest": f"http://127.0.0.1:{port}"}}} for port in (9, 10))
    monkeypatch.setenv(VARIABLE, json.dumps({"bitmart2": first, "btex": second}))
    one, other = home.bitmart2(), home.btex()
    async with opened(one), opened(other):
        for exchange in (one, other):
            with pytest.raises(OutsideSandbox):  # makes a session
                await called(exchange.fetch, trap.url)
        one.session = other.session
        with pytest.raises(OutsideSandbox, match=r"127\.0\.0\.1:10, and its sandbox is at 127\.0\.0\.1:9"):
            await called(one.fetch, "http://127.0.0.1:10")
        other.id = "bitmart2"
        with pytest.raises(OutsideSandbox):
            await called(other.fetch, "http://127.0.0.1:9")
        monkeypatch.setenv(VARIABLE, json.dumps({"bitmart2": second}))
        for port in (9, 10):
            with pytest.raises(OutsideSandbox):
                await called(one.fetch, f"http://127.0.0.1:{port}")


def test_without_the_variable_nothing_is_changed(box, trap, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    session = requests.Session()
    exchange = ccxt_ext.bitmart2({**REAL, "session": session})
    assert exchange.session is session
    assert exchange.apiKey == "real-apiKey" and exchange.headers == REAL["headers"]
    exchange.token = "another"
    assert exchange.token == "another"
    exchange.fetch(f"{box.url}/x")
    assert "Bearer real-header" in box.got[0]
    assert ccxt_ext.bitmart2.apiKey == ccxt.Exchange.apiKey == ccxt_ext.bitmart2().apiKey


# -- classes of others ----------------------------------------------------------------------------------


def plugin(base):
    class plugin(base):
        def describe(self):
            mine = {"id": "plugin", "headers": {"X-Program": "plugin"}, "has": {"ws": True}}
            api = {"rest": "https://elsewhere.example", "ws": "wss://elsewhere.example"}
            return self.deep_extend(super().describe(), {**mine, "urls": {"api": api}})

        def sign_in_with(self, answer):
            self.token = answer["token"]

    return closed.guard(plugin, "plugin")


@pytest.mark.parametrize("base", [ccxt.Exchange, ccxt.async_support.Exchange], ids=["sync", "async"])
async def test_the_class_of_a_plug_in_is_closed_too(box, trap, base, socks):
    box.answer = (200, {"Content-Type": "application/json"}, b'{"token": "given"}')
    kind = plugin(base)
    async with opened(kind({**REAL, "sandbox": True})) as exchange:
        assign_all(exchange)
        exchange.set_sandbox_mode(True)
        assert exchange.urls["api"]["rest"] == box.url
        answer = await called(exchange.fetch, f"{box.url}/x")
        exchange.sign_in_with(answer)
        assert (exchange.apiKey, exchange.token) == ("sandbox-key", "given")
        exchange.token = "real"
        assert exchange.token == "given"
        with pytest.raises(OutsideSandbox):
            await called(exchange.fetch, trap.url)
        exchange.httpProxy = trap.url
        with pytest.raises(OutsideSandbox):
            await called(exchange.fetch, f"{box.url}/x")
        exchange.httpProxy = None
        if not exchange.synchronous:
            with pytest.raises(ccxt.NetworkError, match="nothing was sent"):
                await exchange.watch(f"ws://127.0.0.1:{trap.port}", "x", "x", "x")
            exchange.socksProxy = "socks5://127.0.0.1:1"
            with pytest.raises(OutsideSandbox):
                await exchange.fetch(f"{box.url}/x")
    assert len(box.got) == 1
    assert "real" not in box.got[0] and "X-Program: plugin" in box.got[0]


def test_the_class_of_a_plug_in_without_the_variable(box, trap, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    exchange = plugin(ccxt.Exchange)({**REAL, "urls": {"api": {"rest": box.url}}})
    exchange.token = "another"
    assert (exchange.apiKey, exchange.token) == ("real-apiKey", "another")
    exchange.set_sandbox_mode(False)
    assert not exchange.isSandboxModeEnabled
    with pytest.raises((TypeError, ccxt.NotSupported)):  # ccxt's, where urls have no 'test'
        exchange.set_sandbox_mode(True)
