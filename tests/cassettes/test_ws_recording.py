"""A conversation with a toy venue is recorded, and played back to a client that numbers its requests anew."""

import json

import aiohttp
import pytest
from aiohttp import web

from tests.cassettes import ws_recording
from tests.cassettes.recorded_venues import Profile
from tests.cassettes.ws_recording import Player, Recorder, Scrubber, Tape, both, read, write

KEYS = {"apiKey": "canary-key", "secret": "canary-secret"}
PROFILE = Profile(
    url="https://toy",
    symbol="A/B",
    secret_answers=("token",),
    secret_messages=("sig",),
    pseudonyms={r"U\d{3}": "U000"},
)


class Venue(Tape):
    """Answers each message with its id and an account, and ends the connection when asked to."""

    async def answer(self, request):
        return web.json_response({"token": "canary-token", "path": request.raw_path})

    async def follow(self, place):
        await place.socket.send_str('{"welcome":"U123"}')
        async for message in place.socket:
            asked = json.loads(message.data)
            if asked["op"] == "end":
                await place.socket.close(code=4001)
            else:
                await place.socket.send_json({"id": asked["id"], "op": asked["op"], "number": "7"})


async def conversation(url, first_id, op="login"):
    """What a client makes of it."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{url}/book?time={1_750_000_000_000 + first_id}") as answer:
            told = [(await answer.json())["path"].partition("?")[0]]
        async with session.ws_connect(f"{url}/stream") as socket:
            told.append(await socket.receive_json())
            for id, name in ((first_id, op), (first_id + 1, "balance")):
                message = {"op": name, "id": str(id), "key": KEYS["apiKey"], "sig": f"canary-{id}"}
                await socket.send_json(message)
                answer = await socket.receive_json()
                assert answer.pop("id") == str(id)
                told.append(answer)
            await socket.send_json({"op": "end"})
            await socket.receive()
            return [*told, socket.close_code]


@pytest.fixture
async def recorded(tmp_path):
    async with Venue().serve() as venue:
        recorder = Recorder(lambda target, is_stream: venue + target)
        async with recorder.serve() as url:
            told = await conversation(url, 1)
            await recorder.quiet()
    write(tmp_path / "toy", {"origin": "sandbox"}, recorder.events, Scrubber(PROFILE, KEYS))
    return told, tmp_path / "toy"


@pytest.fixture
def player(recorded, monkeypatch):
    monkeypatch.setattr(ws_recording, "PATIENCE_S", 0.5)
    return Player(read(recorded[1])[1], Scrubber(PROFILE, KEYS), lambda request, message: None)


async def test_nothing_secret_is_on_file(recorded):
    text = recorded[1].read_text()
    assert "canary" not in text and "U123" not in text
    assert text.count("***") == 5 and "U000" in text


async def test_the_file_tells_all_in_order(recorded):
    head, events = read(recorded[1])
    assert head == {"origin": "sandbox"}
    assert [event.what for event in events] == [
        "request",
        "answer",
        "connect",
        "received",
        *("sent", "received") * 2,
        "sent",
        "closed",
    ]
    assert events[-1].told == 4001


async def test_what_was_told_is_told_again(recorded, player):
    async with player.serve() as url:
        # Other ids, and one of them is a number that is also something else.
        told, _ = await both(conversation(url, 7), player.play())
    assert told == [*recorded[0][:1], {"welcome": "U000"}, *recorded[0][2:]]


async def test_another_message_than_on_file_is_told(player):
    async with player.serve() as url:
        with pytest.raises(AssertionError, match=r"login.* did not come, but .*logon"):
            await both(conversation(url, 1, "logon"), player.play())


async def test_more_than_on_file_is_told(player):
    player.events.pop()
    player.events.pop()
    async with player.serve() as url:
        with pytest.raises(AssertionError, match=r"more than on file.*end"):
            await both(conversation(url, 1), player.play())


async def test_less_than_on_file_is_told(player):
    player.events.append(player.events[0])
    async with player.serve() as url:
        with pytest.raises(AssertionError, match=r"/book.* did not come, but \[\]"):
            await both(conversation(url, 1), player.play())
