"""Recorded conversations, replayed without a network by the sync and by the async class."""

import inspect
import json

from tests.cassettes.conversations import CONVERSATIONS, LIVE
from tests.cassettes.told import check_told

_transcripts = {}


async def test_conversation(conversation, make, profile, ccxt_cassette):
    exchange = make()

    async def call(method, *args):
        result = getattr(exchange, method)(*args)
        return await result if inspect.isawaitable(result) else result

    call.has, call.profile = exchange.has, profile
    call.timeframe = "15m" if "15m" in exchange.timeframes else next(iter(exchange.timeframes), None)
    transcript = await {**CONVERSATIONS, **LIVE}[conversation](call, profile.symbol_of(conversation))
    check_told(ccxt_cassette, transcript)
    told = json.dumps(transcript, sort_keys=True)
    assert ccxt_cassette.recording or _transcripts.setdefault(ccxt_cassette.path, told) == told
