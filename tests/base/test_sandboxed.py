"""What the environment variable for sandboxes can do, and what it cannot."""

import json

import pytest

from ccxt_ext.base.sandboxed import VARIABLE, redirect

MINE = {"apiKey": "mine", "secret": "mine too", "timeout": 5000, "options": {"a": 1}}
LOCAL = {"urls": {"api": {"rest": "http://127.0.0.1:8080"}}}


def redirected(monkeypatch, target, warning):
    monkeypatch.setenv(VARIABLE, target if isinstance(target, str) else json.dumps({"bitmart2": target}))
    with pytest.warns(UserWarning, match=warning):
        return redirect("bitmart2", MINE)


def test_it_leads_to_the_sandbox_with_the_sandboxs_keys(monkeypatch):
    target = {**LOCAL, "apiKey": "its", "secret": "its too", "options": {"b": 2}}
    config = redirected(monkeypatch, target, "local sandbox")
    assert config == {**MINE, **target, "options": {"a": 1, "b": 2}}


def test_ones_own_keys_stay_at_home(monkeypatch):
    config = redirected(monkeypatch, LOCAL, "local sandbox")
    assert (config["apiKey"], config["secret"]) == ("", "")


def test_nothing_else_is_taken_over(monkeypatch):
    target = {**LOCAL, "proxyUrl": "http://elsewhere.example/", "hostname": "elsewhere.example"}
    assert "elsewhere" not in str(redirected(monkeypatch, target, "local sandbox"))


@pytest.mark.parametrize(
    ("target", "warning"),
    [
        ({"urls": {"api": {"rest": "https://elsewhere.example"}}}, "not loopback"),
        ({"urls": {"api": {"rest": "http://127.0.0.1:1@elsewhere.example"}}}, "not loopback"),
        ({"urls": {"api": {"rest": "http://127.0.0.1.elsewhere.example"}}}, "not loopback"),
        ({"urls": {"api": {}}}, "is ignored"),
        ({"urls": {}}, "is ignored"),
        ({"urls": {"api": "http://127.0.0.1"}}, "is ignored"),
        ({"urls": {"api": {"rest": None}}}, "not loopback|is ignored"),
        ({}, "is ignored"),
        ([], "is ignored"),
        ("{", "is ignored"),
        ("[]", "is ignored"),
    ],
    ids=str,
)
def test_what_is_ignored(monkeypatch, target, warning):
    assert redirected(monkeypatch, target, warning) == MINE


def test_another_venues_target_is_left_alone(monkeypatch):
    monkeypatch.setenv(VARIABLE, json.dumps({"other": LOCAL}))
    assert redirect("bitmart2", MINE) == MINE
