"""Recorded streams, replayed without a network."""

from contextlib import AsyncExitStack

import ccxt_ext.async_support
from tests.cassettes.recorded_venues import check_messages
from tests.cassettes.told import check_told
from tests.cassettes.ws_conversations import Talk

# No ping of the client's goes out, as on replay there would be none, and silence is no reason to dial anew.
PATIENT = {"ws": {"pingInterval": 1_000_000, "timeout": 1_000_000}}


async def test_stream(id, stream, make, profile, ccxt_cassette, monkeypatch):
    exchange = make(**PATIENT, **profile.stream_options)
    async with AsyncExitStack() as stack:
        counterparty = None
        if ccxt_cassette.sandbox is not None:
            config = ccxt_cassette.sandbox.config(id, "counterparty")
            counterparty = getattr(ccxt_ext.async_support, id)(config)
            stack.push_async_callback(counterparty.close)
        if not ccxt_cassette.recording:
            check_messages(monkeypatch, exchange, profile)
        talk = Talk(exchange, profile, ccxt_cassette.recording, counterparty)
        await talk.tell(stream)
        check_told(ccxt_cassette, talk.told)
