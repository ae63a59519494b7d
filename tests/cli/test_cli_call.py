import json
import socket

import ccxt
import pytest

from ccxt_ext.cli.call import error_name, public, value
from tests.cli.cli_helpers import run, run_here, run_on_terminal

CANARY = {
    "CCXT_EXT_APIKEY": "canary-api-key-1",
    "CCXT_EXT_SECRET": "canary-secret-22",
    "CCXT_EXT_UID": "canary-uid-33333",
}


@pytest.fixture
def call(config_file):
    def call(*arguments, env={}):
        return run_here("call", "--config", config_file, "bitmart2", *arguments, env=env)

    return call


@pytest.fixture
def keyless(box, tmp_path):
    """A file with the sandbox's addresses and no keys."""
    config = box.config("bitmart2")
    keys = {name: config.pop(name) for name in ("apiKey", "secret", "uid")}
    file = tmp_path / "keyless.json"
    file.write_text(json.dumps(config))
    return str(file), keys


@pytest.mark.parametrize(("run", "method"), [(run, "fetchTicker"), (run_here, "fetch_ticker")])
def test_the_answer_is_json(config_file, run, method):
    done = run("call", "--config", config_file, "bitmart2", method, "BTC/USDT")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["symbol"] == "BTC/USDT"


@pytest.mark.parametrize("method", ["publicGetTicker", "public_get_ticker"])
def test_implicit_methods_take_an_object(call, method):
    told = json.loads(call(method, '{"symbol": "BTC_USDT"}').stdout)
    assert told["symbol_id"] == "BTC_USDT"


def test_null_and_numbers_are_arguments(call):
    candles = json.loads(call("fetch_ohlcv", "BTC/USDT", "1h", "null", "3").stdout)
    assert len(candles) == 3 and all(len(candle) == 6 for candle in candles)


def test_an_order_from_placing_to_cancelling(call, box):
    id = json.loads(call("create_order", "BTC/USDT", "limit", "buy", "0.01", "8000").stdout)["id"]
    assert json.loads(call("fetch_order", id).stdout)["status"] == "open"
    assert call("cancel_order", id, "BTC/USDT").returncode == 0
    order = next(row for row in box.control("GET", "/orders?venue=bitmart2") if row["id"] == id)
    assert (order["status"], order["amount"], order["price"]) == ("canceled", "0.01", "8000")


def test_credentials_come_from_the_environment_the_venues_own_first(keyless):
    file, keys = keyless
    general = {f"CCXT_EXT_{name.upper()}": key for name, key in keys.items()}
    arguments = ("call", "--config", file, "bitmart2", "fetch_balance")
    assert json.loads(run_here(*arguments, env=general).stdout)["BTC"]["free"] > 0

    own = {f"CCXT_EXT_BITMART2_{name.upper()}": key for name, key in keys.items()}
    assert run_here(*arguments, env={**CANARY, **own}).returncode == 0

    done = run_here(*arguments, env={**general, "CCXT_EXT_BITMART2_SECRET": "another"})
    assert done.returncode == 1 and done.stderr.startswith("AuthenticationError: ")


def test_a_file_goes_before_the_environment(call):
    assert call("fetch_balance", env=CANARY).returncode == 0


def test_an_error_is_one_line_with_ccxts_class(call):
    done = call("fetch_order", "77")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("OrderNotFound: bitmart2 ")


def test_without_credentials_nothing_is_sent(keyless):
    done = run_here("call", "--config", keyless[0], "bitmart2", "fetch_balance")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("AuthenticationError: ") and "apiKey" in done.stderr


def test_no_secret_is_shown(keyless, tmp_path):
    file, _ = keyless
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = tmp_path / "dead.json"
        dead.write_text(
            json.dumps({"urls": {"api": {"rest": f"http://127.0.0.1:{unused.getsockname()[1]}"}}})
        )
        runs = [
            run("call", "--config", file, "bitmart2", "fetch_balance", env=CANARY),
            run_here("call", "--config", file, "bitmart2", "tokenPostAuthentication", env=CANARY),
            run_here("call", "--config", str(dead), "bitmart2", "fetch_balance", env=CANARY),
            run_here(
                "call",
                "--config",
                str(dead),
                "bitmart2",
                "sign",
                "authentication",
                "token",
                "POST",
                env=CANARY,
            ),
            run_here("call", "--config", str(dead), "bitmart2", "nonce", "x", "y", env=CANARY),
            # An error that quotes an argument, without passing through what sends requests.
            run_here(
                "call",
                "--config",
                str(dead),
                "bitmart2",
                "check_required_argument",
                "canary-secret-22",
                "null",
                "x",
                env=CANARY,
            ),
        ]
    assert [done.returncode for done in runs] == [1, 1, 1, 0, 2, 1]
    for done in runs:
        assert "canary" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_a_token_is_masked_in_the_answer(call):
    assert json.loads(call("tokenPostAuthentication").stdout)["access_token"] == "***"


def test_a_file_that_is_not_json_is_not_quoted(tmp_path):
    file = tmp_path / "bad.json"
    for text in ('{"secret": canary', '["canary"]', '"canary"'):
        file.write_text(text)
        done = run_here("call", "--config", str(file), "bitmart2", "fetch_time")
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1 and "canary" not in done.stderr


def test_a_sandbox_for_one_call_even_within_another():
    closed = {"bitmart2": {"urls": {"api": {"rest": "http://127.0.0.1:9"}}}}
    done = run(
        "call",
        "--sandbox",
        "bitmart2",
        "fetch_balance",
        env={**CANARY, "CCXT_EXT_SANDBOX": json.dumps(closed)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["BTC"]["used"] == 0


def test_on_a_terminal_it_is_indented(config_file):
    code, screen = run_on_terminal("call", "--config", config_file, "bitmart2", "publicGetTime")
    assert code == 0 and screen.startswith("{\n  ")


@pytest.mark.parametrize(
    "word, meant",
    [
        ("null", None),
        ("true", True),
        ("12", 12),
        ("0.5", 0.5),
        ('{"a": [1]}', {"a": [1]}),
        ('"12"', "12"),
        ("BTC/USDT", "BTC/USDT"),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("{broken", "{broken"),
        ("", ""),
    ],
)
def test_arguments_are_json_or_words(word, meant):
    assert value(word) == meant and type(value(word)) is type(meant)


def test_numbers_stay_text_where_text_is_wanted():
    assert value("0012", text=True) == "0012"
    assert value("12", text=True) == "12"
    assert value("null", text=True) is None


SECRETS = ["0042", "long-enough"]


def test_what_json_cannot_hold():
    told = public({"a": float("nan"), 1: (float("inf"), ValueError("x")), "b": "0042 long-enough"}, SECRETS)
    assert told == {"a": None, "1": [None, "x"], "b": "0042 ***"}


def test_a_refined_error_goes_by_ccxts_name():
    class Refined(ccxt.InvalidNonce):
        pass

    assert error_name(Refined("x")) == "InvalidNonce"
    assert error_name(KeyError("x")) == "KeyError"
