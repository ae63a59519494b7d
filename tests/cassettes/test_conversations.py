"""Recorded conversations, replayed with the network blocked by the sync and by the async class."""

import inspect
import json

import pytest

from tests.cassettes.conversations import CONVERSATIONS, LIVE
from tests.cassettes.recording import CASSETTES

_transcripts = {}


@pytest.fixture
def vcr_cassette_dir(id):
    return str(CASSETTES / id)


@pytest.mark.vcr
@pytest.mark.block_network
async def test_conversation(id, conversation, kind, exchange, profile, vcr):
    async def call(method, *args):
        result = getattr(exchange, method)(*args)
        return await result if inspect.isawaitable(result) else result

    call.has, call.profile = exchange.has, profile
    call.timeframe = "15m" if "15m" in exchange.timeframes else next(iter(exchange.timeframes), None)
    try:
        transcript = await {**CONVERSATIONS, **LIVE}[conversation](call, profile.symbol_of(conversation))
    finally:
        if kind == "async":
            await exchange.close()
    if vcr.record_mode.value == "none":
        assert vcr.all_played
    told = json.dumps(transcript, sort_keys=True)
    assert _transcripts.setdefault((id, conversation), told) == told
