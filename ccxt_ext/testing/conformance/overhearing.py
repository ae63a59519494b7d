"""What somebody else gets to see of a program: its log, what it prints, and its errors."""

from __future__ import annotations

import base64
import contextlib
import io
import logging
import traceback
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

# Loggers whose level may be another one than the root's.
LOGGERS = ("", "ccxt", "ccxt.base.exchange")

SHORTEST = 5  # what is shorter may stand in any text


class Overheard:
    def __init__(self) -> None:
        self._log = io.StringIO()
        self._printed = io.StringIO()

    @property
    def log(self) -> str:
        return self._log.getvalue()

    @property
    def printed(self) -> str:
        return self._printed.getvalue()

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Everything is logged meanwhile, and what is printed goes here."""
        handler = logging.StreamHandler(self._log)
        loggers = [logging.getLogger(name) for name in LOGGERS]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.DEBUG)
        loggers[0].addHandler(handler)
        try:
            with contextlib.redirect_stdout(self._printed), contextlib.redirect_stderr(self._printed):
                yield
        finally:
            loggers[0].removeHandler(handler)
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def told_by(error: BaseException) -> str:
    """All that a caller, a log or a crash report can make of an error."""
    texts = [str(error), repr(error), str(error.args)]
    texts.append("".join(traceback.format_exception(type(error), error, error.__traceback__)))
    return "\n".join(texts)


def secrets_of(exchange: Any) -> dict[str, str]:
    """The credentials of an exchange, each in the forms in which it may be told, with their names."""
    names = [name for name, wanted in exchange.requiredCredentials.items() if wanted]
    found = {}
    for name in (*names, "token"):
        value = str(getattr(exchange, name, None) or "")
        if len(value) >= SHORTEST:
            found[value] = name
            found.setdefault(quote(value, safe=""), f"{name}, quoted")
            found[base64.b64encode(value.encode()).decode()] = f"{name}, in base64"
    assert found, "there is no credential to look for"
    return found


def check_silent(where: str, text: str, secrets: Mapping[str, str]) -> None:
    told = sorted({name for secret, name in secrets.items() if secret in text})
    if told:
        secret = next(secret for secret in secrets if secret in text)
        at = text.index(secret)
        around = text[max(0, at - 60) : at + len(secret) + 20]
        raise AssertionError(f"{where} tells {', '.join(told)}: ...{around!r}...")
