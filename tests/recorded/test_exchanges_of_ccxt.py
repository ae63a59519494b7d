"""Exchanges that are not ours: recorded from a stub, replayed without a network by all kinds of classes."""

import socket
import urllib.parse

import ccxt
import pytest
from aiohttp import web

from ccxt_ext.testing.cassettes.errors import NetworkRefused
from ccxt_ext.testing.cassettes.secrets import last_look
from tests.recorded import stubs
from tests.recorded.bots import BOTS, KINDS, call, played, recorded

STUBS = {"binance": stubs.Binance, "kraken": stubs.Kraken, "kucoin": stubs.Kucoin}


@pytest.fixture(params=STUBS)
def id(request):
    return request.param


@pytest.fixture
async def tape(id, tmp_path):
    """(path, what the bot was told) of a recording by the pro class, whose stub has gone."""
    stub = STUBS[id]()
    told, complaints = await recorded(tmp_path / "a.yaml", id, stub)
    assert complaints == []
    return tmp_path / "a.yaml", told, stub


async def test_all_kinds_replay_what_the_pro_class_recorded(tape, id):
    path, told, stub = tape
    for kind in KINDS:
        # Neither the keys nor the stub are there any more.
        config = {name: value for name, value in stub.config.items() if name not in stub.keys}
        again, complaints = await played(path, id, kind, BOTS[id], config=config)
        assert complaints == []
        assert again == {name: told[name] for name in again}
        assert (again == told) is (kind == "pro")


async def test_no_secret_is_in_the_files(tape, id):
    path, _, stub = tape
    text = path.read_text() + path.with_name("a.ws.jsonl").read_text()
    forms = [form for secret in stub.keys.values() for form in stubs.in_every_form(secret)]
    forms += stubs.in_every_form(stubs.RAW) + stubs.in_every_form(stubs.TOKEN) + ["canary"]
    assert stub.proofs
    forms += [form for proof in stub.proofs for form in (proof, urllib.parse.quote(proof, safe=""))]
    assert [form for form in forms if form in text] == []
    secrets = [secret.encode() for secret in (*stub.keys.values(), stubs.TOKEN)] + [stubs.RAW]
    assert not last_look.holds(text.encode(), secrets)
    assert "***" in text and "127.0.0.1" not in text


async def test_sync_and_async_recordings_are_replayed_by_the_others(id, tmp_path):
    for kind, other in (("sync", "async"), ("async", "sync")):
        path = tmp_path / f"{kind}.yaml"
        told, complaints = await recorded(path, id, STUBS[id](), kind)
        assert complaints == [] and not path.with_name(f"{kind}.ws.jsonl").exists()
        assert await played(path, id, other, BOTS[id], config=STUBS[id].config) == (told, [])


async def test_a_mismatch_tells_how_it_differs(tmp_path):
    await recorded(tmp_path / "a.yaml", "binance", stubs.Binance(), "sync")

    async def bot(exchange):
        await call(exchange, "create_order", "BTC/USDT", "limit", "buy", 2, 90)

    with pytest.raises(
        Exception, match=r"POST https://api.binance.com/api/v3/order is not in the cassette"
    ) as told:
        await played(tmp_path / "a.yaml", "binance", "sync", bot, config=stubs.Binance.config)
    lines = str(told.value).splitlines()
    assert "    body, quantity: recorded 1, asked 2" in lines
    assert "signature" not in str(told.value) and "timestamp" not in str(told.value)


async def test_a_mismatch_over_a_stream_is_told_at_once(tmp_path):
    await recorded(tmp_path / "a.yaml", "kucoin", stubs.Kucoin())

    async def bot(exchange):
        await call(exchange, "fetch_balance")
        await exchange.watch_trades("BTC/USDT")

    with pytest.raises(Exception, match=r'watchTrades\("BTC/USDT"\) is not in the cassette'):
        await played(tmp_path / "a.yaml", "kucoin", "pro", bot, config=stubs.Kucoin.config)


async def test_another_frame_than_recorded_is_told_at_once(tmp_path):
    await recorded(tmp_path / "a.yaml", "kucoin", stubs.Kucoin())

    async def bot(exchange):
        subscribed = exchange.extend

        def extend(*tables):
            made = subscribed(*tables)
            return {**made, "topic": "/market/other"} if "topic" in made else made

        exchange.extend = extend
        return await BOTS["kucoin"](exchange)

    with pytest.raises(
        Exception, match=r"the client sent .*market/other.*\s+which is not in the cassette\s+but this is next"
    ):
        await played(tmp_path / "a.yaml", "kucoin", "pro", bot, config=stubs.Kucoin.config)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_not_played_is_told(tmp_path, kind):
    await recorded(tmp_path / "a.yaml", "binance", stubs.Binance())
    config = stubs.Binance.config

    async def bot(exchange):
        await call(exchange, "fetch_ticker", "BTC/USDT")

    _, (complaint,) = await played(tmp_path / "a.yaml", "binance", kind, bot, config=config)
    assert "POST https://api.binance.com/api/v3/order" in complaint
    # A stream's own request, and its frames, are missed by the pro class alone.
    assert ("/api/v3/depth" in complaint) is (kind == "pro")
    assert ("to send" in complaint) is (kind == "pro")
    assert (
        "allow_unplayed" in complaint and "pytest tests/test_bot.py::test_it --ccxt-record=all" in complaint
    )
    assert await played(tmp_path / "a.yaml", "binance", kind, bot, config=config, allow_unplayed=True) == (
        None,
        [],
    )


async def test_there_is_no_network_while_it_is_replayed(tmp_path):
    await recorded(tmp_path / "a.yaml", "binance", stubs.Binance(), "sync")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        async def bot(exchange):
            with pytest.raises(NetworkRefused, match=f"127.0.0.1:{port}"):
                socket.create_connection(("127.0.0.1", port))
            with pytest.raises(NetworkRefused, match=r"example\.com:80"):
                socket.getaddrinfo("example.com", 80)
            return await BOTS["binance"](exchange)

        _, complaints = await played(tmp_path / "a.yaml", "binance", "sync", bot, config=stubs.Binance.config)
        assert len(complaints) == 2  # a bot may have caught them
        allowed = {"allow_hosts": ("127.0.0.1",), "allow_unplayed": True, "config": stubs.Binance.config}

        async def local(exchange):
            socket.create_connection(("127.0.0.1", port)).close()

        assert await played(tmp_path / "a.yaml", "binance", "sync", local, **allowed) == (None, [])
        socket.create_connection(("127.0.0.1", port)).close()


async def test_pings_are_no_part_of_it(tmp_path):
    def bot(pings):
        async def watching(exchange):
            told = [(await exchange.watch_ticker("BTC/USDT"))["last"]]
            (client,) = exchange.clients.values()
            for _ in range(pings):
                await client.send(exchange.ping(client))
            return [*told, (await exchange.watch_ticker("BTC/USDT"))["last"]]

        return watching

    told = await recorded(tmp_path / "a.yaml", "kucoin", stubs.Kucoin(), bot=bot(1))
    for pings in (0, 2):
        config = stubs.Kucoin.config
        assert await played(tmp_path / "a.yaml", "kucoin", "pro", bot(pings), config=config) == told


async def test_a_connection_ends_as_it_did(tmp_path):
    class Closing(stubs.Kucoin):
        async def stream(self, request, socket):
            await socket.send_json({"id": request.query["connectId"], "type": "welcome"})
            await socket.receive()
            await socket.close(code=1013)

    async def bot(exchange):
        with pytest.raises(ccxt.NetworkError) as told:
            await exchange.watch_ticker("BTC/USDT")
        return str(told.value)

    told, complaints = await recorded(tmp_path / "a.yaml", "kucoin", Closing(), bot=bot)
    assert "1013" in told and complaints == []
    config = stubs.Kucoin.config
    assert await played(tmp_path / "a.yaml", "kucoin", "pro", bot, config=config) == (told, [])


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_redirects_are_followed_as_they_were(tmp_path, kind):
    class Moved(stubs.Binance):
        async def answer(self, request, body):
            if request.path.endswith("/time"):
                raise web.HTTPFound(f"{self.url}/elsewhere")
            return {"serverTime": 1_700_000_000_123}

    async def bot(exchange):
        return await call(exchange, "fetch_time")

    told = await recorded(tmp_path / "a.yaml", "binance", Moved(), kind, bot)
    assert told == (1_700_000_000_123, [])
    for other in ("sync", "async"):
        config = stubs.Binance.config
        assert await played(tmp_path / "a.yaml", "binance", other, bot, config=config) == told


async def test_nonces_rise_when_it_is_recorded(tmp_path):
    stub = stubs.Kraken()
    await recorded(tmp_path / "a.yaml", "kraken", stub, "sync")
    assert len(stub.nonces) == 4 and stub.nonces == sorted(set(stub.nonces))


async def test_a_request_without_an_answer_is_not_recorded(tmp_path):
    stub = stubs.Binance()

    async def bot(exchange):
        exchange.fetch_ticker("BTC/USDT")
        exchange.urls["api"]["public"] = "https://api.binance.com:1/api/v3"
        with pytest.raises(Exception, match=r"127\.0\.0\.1:1"):
            exchange.fetch_time()

    stub_via = stub.__class__.via.fget
    with stub.serve():
        via = {"https://api.binance.com:1": "http://127.0.0.1:1", **stub_via(stub)}
        _, (complaint,) = await played(
            tmp_path / "a.yaml", "binance", "sync", bot, config=stub.config, via=via, mode="all"
        )
    assert "got no answer" in complaint and "nothing was written" in complaint
    assert not (tmp_path / "a.yaml").exists()
