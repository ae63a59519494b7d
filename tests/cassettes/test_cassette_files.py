"""What is on disk: every cassette tells its origin and holds no secret."""

import re

import pytest
import yaml
from recorded_venues import KEYS, PROFILES
from recording import CASSETTES, ORIGINS, cassettes

import ccxt_ext


@pytest.mark.parametrize("path", cassettes(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_cassette_says_where_it_comes_from(path):
    origin = yaml.safe_load(path.read_text())["origin"]
    assert origin in ORIGINS
    assert path.stem.startswith(f"{origin}-")


@pytest.mark.parametrize("path", cassettes(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_cassette_holds_no_secret(path):
    profile = PROFILES[path.parent.name]
    text = path.read_text()
    assert not [value for value in KEYS.values() if value in text]
    for name in profile.secret_headers:
        assert set(re.findall(rf"(?im)^ *{name}:\s*(?:- )?(.*)$", text)) <= {"'***'"}
    for name in profile.secret_fields:
        assert set(re.findall(rf"\b{name}=([^&\s'\"]*)", text)) <= {"***"}
    for name in profile.secret_answers:
        assert set(re.findall(rf'"{name}"\s*:\s*"([^"]*)"', text)) <= {"***"}
    # Whatever else looks like a key: a long run of hexadecimal digits.
    assert not re.findall(r"\b[0-9a-fA-F]{32,}\b", text)
    assert "127.0.0.1" not in text


def test_every_venue_has_its_cassettes():
    for id in ccxt_ext.exchanges:
        assert {path.stem for path in (CASSETTES / id).glob("*.yaml")} >= set(PROFILES[id].conversations())
