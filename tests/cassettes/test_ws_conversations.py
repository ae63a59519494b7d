"""Recorded streams, played back to the streaming classes by a loopback server, with no other network."""

import os
from contextlib import AsyncExitStack

import pytest

import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.sandbox import Sandbox
from tests.cassettes.recorded_venues import KEYS, NOW, PROFILES, check_signatures
from tests.cassettes.recording import moved, origin_of
from tests.cassettes.ws_conversations import LIVE, Talk, stream_conversations
from tests.cassettes.ws_recording import Player, Recorder, Scrubber, both, parted, path_of, read, write

# No ping of the client's goes out, as on replay there would be none, and silence is no reason to dial anew.
PATIENT = {"ws": {"pingInterval": 1_000_000, "timeout": 1_000_000}}


def pytest_generate_tests(metafunc):
    recording = (metafunc.config.getoption("--record-mode") or "none") != "none"
    mark = () if recording else pytest.mark.block_network(allowed_hosts=["127.0.0.1"])
    names = [(id, name) for id in ccxt_ext.pro.exchanges for name in stream_conversations(id)]
    names += [
        (id, name)
        for id in ccxt_ext.pro.exchanges
        for name in LIVE
        if (recording and os.environ.get("CCXT_EXT_RECORD_LIVE")) or path_of(id, name).exists()
    ]
    parameters = [pytest.param(*pair, id="-".join(pair), marks=mark) for pair in names]
    metafunc.parametrize(("id", "stream"), parameters)


@pytest.fixture
def vcr_config():
    """There is no need for vcrpy here, which knows nothing of streams."""
    return {}


async def test_stream(id, stream, record_mode):
    if record_mode in ("all", "rewrite") or (record_mode != "none" and not path_of(id, stream).exists()):
        await record(id, stream)
    else:
        await replay(id, stream)


def leaves(urls):
    return [leaf for url in urls.values() for leaf in leaves(url)] if isinstance(urls, dict) else [urls]


def exchange_of(id, config, url, profile, now):
    """One that talks to the loopback server; `now` is where its clock stands still."""
    addresses = config.get("urls", {}).get("api") or getattr(ccxt_ext.pro, id)().urls["api"]
    exchange = getattr(ccxt_ext.pro, id)({**config, "urls": {"api": moved(addresses, url)}})
    if now is not None:
        exchange.milliseconds = lambda: now
    exchange.options = exchange.deep_extend(exchange.options, PATIENT, profile.stream_options)
    profile.freeze(exchange)
    return exchange


async def replay(id, stream):
    profile = PROFILES[id]
    _, events = read(path_of(id, stream))
    config = {**KEYS, "rateLimit": 0}

    def look(request, message):
        url, headers = f"ws://venue{request.raw_path}", dict(request.headers)
        if message is not None:
            profile.check_message(config, url, parted(message)[1])
        elif any(name.lower() in profile.secret_headers for name in headers):
            profile.check_signature(config, "GET", url, headers, None)

    async with AsyncExitStack() as stack:
        player = Player(events, Scrubber(profile, config), look)
        url = await stack.enter_async_context(player.serve())
        exchange = exchange_of(id, config, url, profile, NOW)
        stack.push_async_callback(exchange.close)
        check_signatures(exchange, profile, config)
        await both(Talk(player, exchange, profile).tell(stream), player.play())


async def record(id, stream):
    profile = PROFILES[id]
    origin = stream.partition("-")[0]
    async with AsyncExitStack() as stack:
        counterparty = None
        if origin == "sandbox":
            sandbox = await stack.enter_async_context(Sandbox(venues=[id], start_ms=NOW))
            config = {**sandbox.config(id), "rateLimit": 0}
            counterparty = getattr(ccxt_ext.async_support, id)(sandbox.config(id, "counterparty"))
            counterparty.milliseconds = lambda: NOW
            stack.push_async_callback(counterparty.close)
            urls = leaves(config["urls"]["api"])
        else:
            names = ("apiKey", "secret", "uid")
            config = {name: os.environ.get(f"CCXT_EXT_{name.upper()}") for name in names}
            urls = leaves(getattr(ccxt_ext.pro, id)().urls["api"])

        def address(target, is_stream):
            if is_stream:
                return next(origin_of(url) for url in urls if url.startswith("ws")) + target
            return (profile.origin(target) if origin == "live" else origin_of(urls[0])) + target

        recorder = Recorder(address)
        exchange = exchange_of(
            id,
            config,
            await stack.enter_async_context(recorder.serve()),
            profile,
            NOW if origin == "sandbox" else None,
        )
        stack.push_async_callback(exchange.close)
        await Talk(recorder, exchange, profile, counterparty).tell(stream)
        await recorder.quiet()
        calls = dict.fromkeys(event.told[0] for event in recorder.events if event.what == "call")
        head = {"origin": origin, "venue": id, "conversation": stream, "calls": list(calls)}
        write(path_of(id, stream), head, recorder.events, Scrubber(profile, config))
