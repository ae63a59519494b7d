"""What is on disk: every cassette tells its origin and holds no secret."""

import re

import pytest
import yaml

import ccxt_ext
import ccxt_ext.pro
from tests.cassettes.recorded_venues import KEYS, PROFILES
from tests.cassettes.recording import CASSETTES, ORIGINS, cassettes
from tests.cassettes.ws_conversations import stream_conversations
from tests.cassettes.ws_recording import path_of, read, stream_cassettes


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: f"{path.parent.name}-{path.name}")


@each(cassettes())
def test_a_cassette_says_where_it_comes_from(path):
    origin = yaml.safe_load(path.read_text())["origin"]
    assert origin in ORIGINS
    assert path.stem.startswith(f"{origin}-")


@each(stream_cassettes())
def test_a_recorded_stream_says_what_it_is(path):
    head, events = read(path)
    assert head["origin"] in ORIGINS
    assert path == path_of(head["venue"], head["conversation"])
    assert head["conversation"].startswith(f"{head['origin']}-")
    assert head["calls"] == list(dict.fromkeys(event.told[0] for event in events if event.what == "call"))
    assert [event.ms for event in events] == sorted(event.ms for event in events)


@each([*cassettes(), *stream_cassettes()])
def test_a_cassette_holds_no_secret(path):
    profile = PROFILES[path.parent.name]
    text = path.read_text().replace('\\"', '"')
    assert not [value for value in KEYS.values() if value in text]
    for name in profile.secret_headers:
        assert set(re.findall(rf"(?im)^ *{name}:\s*(?:- )?(.*)$", text)) <= {"'***'"}
    for name in profile.secret_fields:
        assert set(re.findall(rf"\b{name}=([^&\s'\"]*)", text)) <= {"***"}
    for name in (*profile.secret_answers, *profile.secret_messages):
        assert set(re.findall(rf'"{name}"\s*:\s*\[?\s*"([^"]*)"', text)) <= {"***"}
    for pattern, name in profile.pseudonyms.items():
        assert set(re.findall(pattern, text)) <= {name}
    # Whatever else looks like a key or a signature: a long run of hexadecimal digits, or 32 bytes in base64.
    assert not re.findall(r"\b[0-9a-fA-F]{32,}\b|[0-9A-Za-z+/]{43}=", text)
    assert "127.0.0.1" not in text


def test_every_venue_has_its_cassettes():
    for id in ccxt_ext.exchanges:
        assert {path.stem for path in (CASSETTES / id).glob("*.yaml")} >= set(PROFILES[id].conversations())


def test_every_streaming_venue_has_its_recorded_streams():
    wanted = {path_of(id, name) for id in ccxt_ext.pro.exchanges for name in stream_conversations(id)}
    assert wanted and wanted <= set(stream_cassettes())
