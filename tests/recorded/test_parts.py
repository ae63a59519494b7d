"""What makes a replay the same, part by part."""

import asyncio
import socket

import ccxt
import pytest

from ccxt_ext.testing.cassettes import store
from ccxt_ext.testing.cassettes.answers import kept_headers
from ccxt_ext.testing.cassettes.chance import load_dice
from ccxt_ext.testing.cassettes.clock import Clock
from ccxt_ext.testing.cassettes.comparing import Comparison, asked
from ccxt_ext.testing.cassettes.errors import CassetteError, NetworkRefused
from ccxt_ext.testing.cassettes.fixture import Cassette
from ccxt_ext.testing.cassettes.network import no_network
from ccxt_ext.testing.cassettes.record import Event, Head, Record
from ccxt_ext.testing.cassettes.score import Playing
from ccxt_ext.testing.cassettes.secrets.redaction import Secrets
from ccxt_ext.testing.cassettes.settings import Settings

AT = 1_750_000_000_000
URL = "https://api.example.com/v1/orders?symbol=A&since={}"


def same(recorded_url, live_url, loose=False, recorded_body="", live_body="", later=7_000):
    one, other = asked("GET", recorded_url, recorded_body, AT), asked("GET", live_url, live_body, AT + later)
    return Comparison(one.at, other.at, loose).requests(one, other)


@pytest.mark.parametrize(
    ("moved", "strictly", "loosely"),
    [(7_000, True, True), (6_000, False, True), (7_000 + 61_000, False, False), (-90_000, False, False)],
)
def test_a_moment_is_as_far_from_the_clock(moved, strictly, loosely):
    urls = URL.format(AT - 3_600_000), URL.format(AT - 3_600_000 + moved)
    assert (same(*urls), same(*urls, loose=True)) == (strictly, loosely)


def test_queries_and_bodies_count_and_times_of_signing_do_not():
    assert not same("https://a.example/b?symbol=A", "https://a.example/b?symbol=B")
    assert not same("https://a.example/b", "https://a.example/b", False, '{"symbol": "A"}', '{"symbol": "B"}')
    assert same("https://a.example/b?nonce=1&timestamp=5", "https://a.example/b?nonce=2&timestamp=9")


@pytest.mark.parametrize("name", ["uuid", "uuid16", "uuid22"])
def test_random_ids_are_those_of_the_seed(name):
    made = [ccxt.binance() for _ in range(3)]
    for exchange, seed in zip(made, (1, 1, 2), strict=True):
        load_dice(exchange, seed)
    ids = [[getattr(exchange, name)() for _ in range(3)] for exchange in made]
    assert ids[0] == ids[1] != ids[2] and len({*ids[0]}) == 3


def test_headers_of_limits_and_types_are_kept_and_cookies_are_not():
    told = {"Content-Type": "application/json", "X-MBX-USED-WEIGHT-1M": "7", "Set-Cookie": "a", "Date": "b"}
    assert kept_headers(told) == {"Content-Type": ["application/json"], "X-MBX-USED-WEIGHT-1M": ["7"]}


def test_each_step_is_later_than_the_one_before():
    clock = Clock(AT, now=lambda: AT)
    assert [clock.step(), clock.step(), clock.look()] == [AT + 1, AT + 2, AT + 2]
    again = Clock(AT, clock.steps)
    assert [again.step() for _ in range(3)] == [AT + 1, AT + 2, AT + 3]


def test_ids_of_requests_over_a_stream_may_be_others():
    comparison = Comparison(AT, AT)
    assert comparison.frames('{"id": 1, "method": "SUBSCRIBE"}', '{"id": 7, "method": "SUBSCRIBE"}')
    assert not comparison.frames('{"id": 1, "method": "SUBSCRIBE"}', '{"id": 8, "method": "SUBSCRIBE"}')
    assert comparison.with_ids({"id": 1, "result": [{"id": 2}]}) == {"id": 7, "result": [{"id": 2}]}


@pytest.mark.parametrize(
    ("left", "complaint"),
    [([], "all of the recording was played"), ([Event(2, "sent", 1, "more")], "has next: to send more")],
)
async def test_a_call_that_would_wait_for_ever_is_told(left, complaint):
    call = ["watchTicker", "A"]
    events = [Event(0, "call", 0, call), Event(1, "connect", 1, "wss://a.example/"), *left]
    playing = Playing(events, Clock(AT), Secrets(), 0.05, CassetteError)
    ended = playing.called(call)
    place = await playing.connected("wss://a.example/")
    error = await asyncio.wait_for(place.inbox.get(), 60)
    assert isinstance(error, CassetteError) and complaint in str(error)
    ended()


async def test_nothing_is_waited_for_when_no_call_goes_on():
    playing = Playing([Event(0, "connect", 1, "wss://a.example/")], Clock(AT), Secrets(), 0.01, CassetteError)
    await playing.connected("wss://a.example/")
    await asyncio.sleep(0.1)
    assert playing.error is None
    playing.stop()


def test_replay_has_no_keys_that_were_not_recorded_and_waits_for_no_limit(tmp_path):
    head = Head("live", "2026-01-02T03:04:05Z", ccxt.__version__, "sync", 1, AT)
    head.exchanges.append({"id": "binance", "kind": "sync", "keys": {}})
    store.write(tmp_path / "a.yaml", *store.texts_of(Record(head)))
    cassette = Cassette(Settings("a", tmp_path / "a.yaml", "pytest"))
    try:
        given = {"apiKey": "a real key", "secret": "a real secret", "options": {"authToken": "a" * 32}}
        exchange = cassette.exchange("binance", **given)
        assert not exchange.apiKey and not exchange.secret and "authToken" not in exchange.options
        assert exchange.enableRateLimit is False
    finally:
        cassette.close()


def test_no_way_of_a_socket_leads_to_the_network():
    told = []
    with socket.socket(type=socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        there = other.getsockname()
        ways = {
            "connect": (socket.SOCK_STREAM, lambda made: made.connect(there)),
            "connect_ex": (socket.SOCK_STREAM, lambda made: made.connect_ex(there)),
            "sendto": (socket.SOCK_DGRAM, lambda made: made.sendto(b"a", there)),
            "sendto with flags": (socket.SOCK_DGRAM, lambda made: made.sendto(b"a", 0, there)),
            "sendmsg": (socket.SOCK_DGRAM, lambda made: made.sendmsg([b"a"], [], 0, there)),
        }
        with no_network((), told.append):
            for type, go in ways.values():
                with socket.socket(type=type) as made, pytest.raises(NetworkRefused, match=f":{there[1]};"):
                    go(made)
        assert len(told) == len(ways)
        with socket.socket(type=socket.SOCK_DGRAM) as made:
            assert made.sendto(b"a", there) == 1
            assert made.sendmsg([b"a"], [], 0, there) == 1


@pytest.mark.parametrize("ask", [socket.gethostbyname, socket.gethostbyname_ex])
def test_no_name_is_asked_for(ask):
    told = []
    with no_network((), told.append):
        with pytest.raises(NetworkRefused, match=r"went to exchange\.invalid;"):
            getattr(socket, ask.__name__)("exchange.invalid")
        assert getattr(socket, ask.__name__)("localhost")
    assert len(told) == 1 and getattr(socket, ask.__name__) is ask
