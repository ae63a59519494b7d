"""What is masked, and what is left as it is."""

import logging
import subprocess
import sys
import time

import pytest

from ccxt_ext.venue.answers.redact import RedactingLogger, redact


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("key=abcdef", "key=***"),
        ("xabcdefx", "x***x"),
        ("abcdef and 0042", "*** and ***"),
        ("memo 0042, price 0.0042, id 100425", "memo ***, price 0.0042, id 100425"),
        (
            "the uid 123 is too short to be told from other words",
            "the uid 123 is too short to be told from other words",
        ),
        (
            "{'X-BM-AUTHORIZATION': 'Bearer t0k', 'Accept': '*/*'}",
            "{'X-BM-AUTHORIZATION': 'Bearer ***', 'Accept': '*/*'}",
        ),
        ('{"access_token": "t0k", "expires_in": 900}', '{"access_token": "***", "expires_in": 900}'),
        ("GET /x?symbol=A&signature=9f9f&ts=1", "GET /x?symbol=A&signature=***&ts=1"),
        ("POST client_id=a1b2&client_secret=c3d4", "POST client_id=***&client_secret=***"),
        ("api-key: k9k9", "api-key: ***"),
        ('{"op":"auth","sig":"9f+9/f=","big":"no"}', '{"op":"auth","sig":"***","big":"no"}'),
        ("my_api-key=k9k9&X-Sign: 9f9f, design=blue", "my_api-key=***&X-Sign: ***, design=blue"),
        ("the_token_secret = 't0k'", "the_token_secret = '***'"),
        ("nothing to hide: price=1.5&side=buy", "nothing to hide: price=1.5&side=buy"),
    ],
)
def test_redact(text, clean):
    assert redact(text, ["abcdef", "0042", "123", None, ""]) == clean


def seconds(text):
    times = []
    for _ in range(20):
        started = time.perf_counter()
        redact(text, ["abcdef"])
        times.append(time.perf_counter() - started)
    return min(times)


@pytest.mark.parametrize("part", ["9", "a-", "token", "secret ", "sign"])
def test_a_text_ten_times_as_long_takes_about_ten_times_as_long(part):
    assert seconds(part * 2_000) < 40 * seconds(part * 200)


def test_credentials_given_as_numbers():
    assert redact("uid 987654", [987654]) == "uid ***"


def test_the_longer_secret_goes_first():
    assert redact("secret-and-more", ["secret", "secret-and-more"]) == "***"


def test_a_logger_called_with_named_values():
    logger, lines = logging.Logger("mine", logging.DEBUG), []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logger.addHandler(handler)
    redacting = RedactingLogger(logger, lambda text: redact(text, ["abcdef"]))
    redacting.debug("%(sent)s", {"sent": "abcdef"})
    redacting.debug("100 %")
    assert lines == ["***", "100 %"]


def test_an_exchange_that_outlives_the_program_says_so():
    """What is logged while the interpreter shuts down must not need an import."""
    program = """
import asyncio, ccxt_ext.async_support as exchanges
exchange = exchanges.bitmart2()
asyncio.run(asyncio.sleep(0))
exchange.session = object()
import builtins
builtins.kept = exchange
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert "Exception ignored" not in done.stderr
    assert done.returncode == 0
