"""What the environment variable for sandboxes can say, and what a client is made of it."""

import json
import logging

import ccxt
import pytest

import ccxt_ext
from ccxt_ext.venue.closed import sandboxed
from ccxt_ext.venue.closed.sandboxed import VARIABLE, OutsideSandbox, read, redirect
from ccxt_ext.venue.keys.credentials import CREDENTIALS

MINE = {"apiKey": "mine", "secret": "mine too", "timeout": 5000, "options": {"a": 1}}
LOCAL = {"urls": {"api": {"rest": "http://127.0.0.1:8080"}}}


def redirected(monkeypatch, target, config=MINE):
    monkeypatch.setenv(VARIABLE, target if isinstance(target, str) else json.dumps({"bitmart2": target}))
    return redirect("bitmart2", config)


def test_it_leads_to_the_sandbox_with_the_sandboxs_keys(monkeypatch):
    target = {**LOCAL, "apiKey": "its", "secret": "its too", "options": {"b": 2}}
    config, found = redirected(monkeypatch, target)
    assert config == {"timeout": 5000, **target, "options": {"a": 1, "b": 2}}
    assert found.origins == {("127.0.0.1", 8080)}


def test_options_go_into_each_other_and_the_sandboxs_go_first(monkeypatch):
    mine = {"options": {"token": {"onLimit": "wait", "maxPerMinute": 5}}}
    target = {**LOCAL, "options": {"token": {"maxPerMinute": 500}}}
    config, _ = redirected(monkeypatch, target, mine)
    assert config["options"] == {"token": {"onLimit": "wait", "maxPerMinute": 500}}
    assert mine == {"options": {"token": {"onLimit": "wait", "maxPerMinute": 5}}}


def test_ones_own_keys_stay_at_home(monkeypatch):
    private = dict.fromkeys(CREDENTIALS, "mine")
    ws = {"headers": {"X": "mine"}, "cookies": {"a": "mine"}, "pingInterval": 5}
    mine = {**private, "headers": {"Authorization": "mine"}, "session": "mine", "options": {"ws": ws}}
    config, _ = redirected(monkeypatch, LOCAL, mine)
    assert config == {**LOCAL, "options": {"ws": {"pingInterval": 5}}}


def test_nothing_else_is_taken_over(monkeypatch):
    target = {**LOCAL, "proxyUrl": "http://elsewhere.example/", "hostname": "elsewhere.example"}
    target["urls"] = {**LOCAL["urls"], "test": "http://elsewhere.example"}
    assert "elsewhere" not in str(redirected(monkeypatch, target))


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ({"urls": {"api": {"rest": "https://elsewhere.example:80"}}}, "not loopback"),
        ({"urls": {"api": {"rest": "http://127.0.0.1:1@elsewhere.example:80"}}}, "not loopback"),
        ({"urls": {"api": {"rest": "http://127.0.0.1.elsewhere.example:80"}}}, "not loopback"),
        ({"urls": {"api": {"rest": "http://elsewhere.example\\@127.0.0.1:80"}}}, "not loopback"),
        ({"urls": {"api": {"rest": "http://elsewhere.example:80\n127.0.0.1:80"}}}, "not loopback"),
        ({"urls": {"api": {"rest": "http://127.0.0.1:80", "ws": "ws://192.0.2.1:80"}}}, "not loopback"),
        ({"urls": {"api": {"rest": "ftp://127.0.0.1:80"}}}, "not loopback"),
        ({"urls": {"api": {}}}, "not what ccxt-ext writes"),
        ({"urls": {}}, "not what ccxt-ext writes"),
        ({"urls": {"api": {"rest": None}}}, "not what ccxt-ext writes"),
        ({}, "not what ccxt-ext writes"),
        ([], "not what ccxt-ext writes"),
        (None, "not what ccxt-ext writes"),
        ("{", "not what ccxt-ext writes"),
        ("[]", "not what ccxt-ext writes"),
        ("1", "not what ccxt-ext writes"),
        ("{}", "names no sandbox for bitmart2"),
    ],
    ids=str,
)
def test_what_makes_no_sense_closes_the_venue(monkeypatch, target, why):
    config, found = redirected(monkeypatch, target)
    assert config == MINE and found is None
    exchange = ccxt_ext.bitmart2(MINE)  # as programs that look at all exchanges make one of each
    for url in ("http://127.0.0.1:80/", exchange.urls["api"]["rest"]):
        with pytest.raises(OutsideSandbox, match=f"bitmart2 sends nothing.*{why}"):
            exchange.fetch(url)


def test_the_error_is_one_that_no_bot_repeats():
    assert issubclass(OutsideSandbox, ccxt.ExchangeError)
    assert not issubclass(OutsideSandbox, ccxt.OperationFailed)


def test_a_venue_that_the_sandbox_does_not_serve_sends_nothing(monkeypatch):
    monkeypatch.setenv(VARIABLE, json.dumps({"bitmart2": LOCAL}))
    exchange = ccxt_ext.btex({**MINE, "sandbox": True})
    with pytest.raises(OutsideSandbox, match=r"btex sends nothing.*names no sandbox for btex"):
        exchange.fetch_ticker("BTC/USDT:USDT")


def test_it_is_announced_once_and_not_as_a_warning(monkeypatch, caplog):
    monkeypatch.setattr(sandboxed, "_announced", set())
    monkeypatch.setenv(VARIABLE, json.dumps({"bitmart2": LOCAL, "btex": {}}))
    for _ in range(2):  # warnings are errors in these tests
        ccxt_ext.bitmart2()
        ccxt_ext.btex()
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("ccxt_ext.sandbox", logging.WARNING)
    assert "bitmart2: a local sandbox" in record.message and "btex: sends nothing" in record.message


def test_what_is_said_without_a_usable_sandbox():
    assert "no venue sends anything" in read("{").announcement()
    assert "other venues are closed" in read("{}").announcement()
