"""What is on disk: every cassette tells its origin, and holds nothing secret."""

import re

import pytest
import yaml

import ccxt_ext
import ccxt_ext.pro
from ccxt_ext.testing.cassettes import store
from tests.cassettes.conftest import path_of
from tests.cassettes.recorded_venues import KEYS, PROFILES
from tests.cassettes.told import CASSETTES, told_path
from tests.cassettes.ws_conversations import stream_conversations

PATHS = sorted(CASSETTES.glob("*/*.yaml"))
FILES = sorted(CASSETTES.glob("*/*.*"))


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: f"{path.parent.name}-{path.name}")


@each(PATHS)
def test_a_cassette_says_where_it_comes_from(path):
    head = yaml.safe_load(path.read_text().partition("\ninteractions:")[0])
    assert path.stem.startswith(f"{head['origin']}-")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", head["recorded"]) and head["ccxt"]
    assert {exchange["id"] for exchange in head["exchanges"]} == {path.parent.name}


@each(PATHS)
def test_what_a_conversation_made_of_it_is_beside_it(path):
    assert told_path(path).exists()


def test_events_of_streams_are_in_order():
    recorded = [store.read(path).events for path in PATHS if store.streams_path(path).exists()]
    assert recorded
    for events in recorded:
        assert [event.ms for event in events] == sorted(event.ms for event in events)


@each(FILES)
def test_a_cassette_holds_no_secret(path):
    profile = PROFILES[path.parent.name]
    text = path.read_text().replace('\\"', '"')
    assert not [value for value in KEYS.values() if value in text]
    for name in profile.secret_headers:
        assert set(re.findall(rf"(?im)^ *{name}:\s*(?:- )?(.*)$", text)) <= {"", "'***'"}
    for name in profile.secret_fields:
        assert all("***" in found or not found for found in re.findall(rf"\b{name}=([^&\s'\"]*)", text))
        assert all("***" in found for found in re.findall(rf'"{name}"\s*:\s*\[?\s*"([^"]*)"', text))
    for pattern, name in profile.pseudonyms.items():
        assert set(re.findall(pattern, text)) <= {name}
    text = re.sub(r'"(client_order_id|clientOrderId)": ?"[0-9a-f]{32}"', "", text)
    # Whatever else looks like a key or a signature: a long run of hexadecimal digits, or 32 bytes in base64.
    assert not re.findall(r"\b[0-9a-fA-F]{32,}\b|[0-9A-Za-z+/]{43}=", text)
    assert "127.0.0.1" not in text


def test_every_venue_has_its_cassettes():
    for id in ccxt_ext.exchanges:
        assert {path.stem for path in (CASSETTES / id).glob("*.yaml")} >= set(PROFILES[id].conversations())


def test_every_streaming_venue_has_its_recorded_streams():
    wanted = {path_of(id, name) for id in ccxt_ext.pro.exchanges for name in stream_conversations(id)}
    assert wanted and all(path.exists() and store.streams_path(path).exists() for path in wanted)
