"""`ccxt-ext call`: calls one method of one venue, and prints the result as JSON."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ccxt_ext.cli.exits import FAILED, WrongUse
from ccxt_ext.cli.sandbox import Attach, Seed, running
from ccxt_ext.cli.venues import check_served, class_of, known
from ccxt_ext.program.console import one_line
from ccxt_ext.program.own_sandbox import own_sandbox
from ccxt_ext.venue.keys.credentials import CREDENTIALS, SECRET

MASK = "***"
# Names of fields and headers whose value is a secret.
SECRET_NAME = re.compile(
    r"(?i)authorization|signature|api_?key|secret|token|passphrase|password|private_?key"
)
# Methods of the streaming classes that use a connection: for watching, or for requests.
STREAMED = re.compile(r"(unW|un_w|w)atch.*|.*(Ws|_ws)")
REST_FIRST = ("sync", "async_support", "pro")
STREAMS_FIRST = ("pro", "sync", "async_support")
WATCHED = re.compile(r"watch.*")
LEFT = re.compile(r"(unW|un_w)atch.*")
PATIENCE_S = 30.0

# Shorter secrets are not masked: they are ordinary words and numbers, which occur all over an answer.
SHORTEST_SECRET = 8


def call(
    id: Annotated[str, typer.Argument(metavar="ID", help="The venue.")],
    method: Annotated[
        str, typer.Argument(metavar="METHOD", help="Such as fetchTicker, watch_ticker or publicGetTicker.")
    ],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ARGS]...", help="Each as JSON or a bare word.", show_default=False),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON: the argument for the exchange's constructor.")
    ] = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Call a sandbox, started for this call.")
    ] = False,
    attach: Attach = None,
    seed: Seed = 1,
    timeout: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0,
            help="How long a watch method waits for news; 0: for as long as it takes.",
        ),
    ] = PATIENCE_S,
) -> int:
    """Call a method and print its result as JSON; of a watch method, the first news.

    Credentials come from the environment (CCXT_EXT_APIKEY, CCXT_EXT_SECRET, CCXT_EXT_UID, or for one venue
    CCXT_EXT_BITMART2_APIKEY and so on) or from --config FILE, as a command line can be read by all users of
    the machine. Exit code: 0, 1 after an error of ccxt's (its class and message on stderr), 2 for wrong use.
    A negative number needs a -- before it.
    """
    known("call", (id,))
    if sandbox and attach is not None:
        raise WrongUse("call", "--sandbox starts a sandbox, --attach uses one that runs; leave out one")
    if (sandbox or attach is not None) and config is not None:
        raise WrongUse(
            "call", f"{'--sandbox' if sandbox else '--attach'} has keys of its own; leave out --config"
        )
    if attach is not None and seed != 1:
        raise WrongUse("call", "the sandbox that runs has its seed; leave out --seed")
    if attach is not None:
        with running("call", attach) as told:
            return invoke(id, told.config(id), method, arguments or [], timeout)
    if sandbox:
        check_served("call", (id,))
        with own_sandbox(venues=(id,), seed=seed) as box:
            return invoke(id, box.config(id), method, arguments or [], timeout)
    return invoke(id, settings(id, config, os.environ), method, arguments or [], timeout)


def settings(
    id: str, file: Path | None, environment: Mapping[str, str], command: str = "call"
) -> dict[str, Any]:
    """The constructor's argument: credentials from the environment, and everything else from a file."""
    found: dict[str, Any] = {}
    for name in CREDENTIALS:
        for variable in (f"CCXT_EXT_{id.upper()}_{name.upper()}", f"CCXT_EXT_{name.upper()}"):
            if environment.get(variable):
                found.setdefault(name, environment[variable])
    if file is None:
        return found
    try:
        told = json.loads(file.read_bytes())
    except OSError as error:
        raise WrongUse(command, f"cannot read {file}: {error.strerror}") from None
    except (ValueError, RecursionError):
        # The parser's message is not shown, as it may quote a key.
        raise WrongUse(command, f"{file} is not JSON") from None
    if not isinstance(told, dict):
        raise WrongUse(command, f"{file} does not hold a JSON object")
    return {**found, **told}


def invoke(id: str, config: dict[str, Any], name: str, words: list[str], timeout: float) -> int:
    """Make the exchange, call the method, and print the result. Returns the exit code."""
    clean = cleaner(None, config)
    try:
        # What a venue prints by itself would get between the result and whoever reads it.
        with contextlib.redirect_stdout(sys.stderr):
            exchange = make(id, config, STREAMED.fullmatch(name) is not None)
            clean = cleaner(exchange, config)
            result = public(answer(exchange, name, words, timeout), secrets_of(exchange, config))
    except WrongUse:
        raise
    except Exception as error:
        print(one_line(f"{error_name(error)}: {clean(str(error))}"), file=sys.stderr)
        return FAILED
    print(json.dumps(result, allow_nan=False, indent=2 if sys.stdout.isatty() else None))
    return 0


def answer(exchange: Any, name: str, words: list[str], timeout: float) -> Any:
    """What the method gives."""
    method = None if name.startswith("_") else getattr(exchange, name, None)
    if not inspect.isroutine(method):
        raise WrongUse("call", f"{exchange.id} has no method {name!r}")
    arguments = bind(name, method, words)
    if LEFT.fullmatch(name):
        raise WrongUse("call", f"{name} ends what the same program watches, and here that is nothing")
    if exchange.synchronous:
        return method(*arguments)
    patience = timeout if WATCHED.fullmatch(name) and timeout else None
    return asyncio.run(over_connection(exchange, method, arguments, patience))


def make(id: str, config: dict[str, Any], streamed: bool) -> Any:
    """The exchange."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # that it is broken is told by what it raises
        kind = class_of(id, STREAMS_FIRST if streamed else REST_FIRST)
    return kind(config)


def cleaner(exchange: Any, config: Mapping[str, Any]) -> Callable[[str], str]:
    """A function that takes the secrets out of a text."""
    from ccxt_ext.venue.answers.redact import redact

    def clean(text: str) -> str:
        if hasattr(exchange, "redact"):
            text = exchange.redact(text)
        return redact(text, secrets_of(exchange, config))

    return clean


def secrets_of(exchange: Any, config: Mapping[str, Any]) -> list[str]:
    """The secrets of the exchange. One that is not built on our parts has no method that tells them."""
    if hasattr(exchange, "secrets"):
        told = list(exchange.secrets())
    else:
        told = [*map(config.get, SECRET), *(getattr(exchange, name, None) for name in SECRET)]
    return [str(secret) for secret in told if isinstance(secret, (str, int))]


async def over_connection(exchange: Any, method: Any, arguments: list[Any], patience: float | None) -> Any:
    """Call a method that uses a connection, and close the connection afterwards."""
    from ccxt import RequestTimeout

    try:
        result = method(*arguments)
        return await asyncio.wait_for(result, patience) if inspect.isawaitable(result) else result
    except (asyncio.TimeoutError, TimeoutError):
        raise RequestTimeout(f"{exchange.id} there was no news for {patience:g} s") from None
    finally:
        await exchange.close()


def bind(name: str, method: Any, words: list[str]) -> list[Any]:
    """The method's arguments from the words of the command line."""
    signature = inspect.signature(method)
    try:
        signature.bind(*words)
    except TypeError as error:
        raise WrongUse("call", f"{name}{called_with(signature)}: {error}") from None
    parameters = list(signature.parameters.values())
    return [
        value(word, index < len(parameters) and is_text(parameters[index]))
        for index, word in enumerate(words)
    ]


def called_with(signature: inspect.Signature) -> str:
    return f"({', '.join(parameter.name for parameter in signature.parameters.values())})"


def is_text(parameter: inspect.Parameter) -> bool:
    """Whether the parameter is a text, even if its value looks like a number, as ids do."""
    return parameter.annotation in (str, "str", Optional[str])  # noqa: UP045 - as ccxt has it


def value(word: str, text: bool = False) -> Any:
    """An argument from a word: parsed as JSON, or else the word itself."""
    try:
        parsed = json.loads(word, parse_constant=no_number)
    except (ValueError, RecursionError):
        return word
    return word if text and isinstance(parsed, (int, float)) else parsed


def no_number(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are not JSON


def error_name(error: Exception) -> str:
    """The name of the error's class in ccxt. A venue may raise a subclass of it."""
    for kind in type(error).__mro__:
        if kind.__module__.startswith("ccxt."):
            return kind.__name__
    return type(error).__name__


def public(result: Any, secrets: Iterable[str]) -> Any:
    """The result without secrets: a login's answer has a token, and sign() returns headers."""
    from ccxt_ext.venue.answers.redact import redact

    secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def clean(part: Any, name: str = "") -> Any:
        if isinstance(part, Mapping):
            return {str(key): clean(member, str(key)) for key, member in part.items()}
        if isinstance(part, (list, tuple)):
            return [clean(member, name) for member in part]
        if isinstance(part, str):
            if part and SECRET_NAME.search(name):
                return MASK
            return redact(part, secrets)
        if isinstance(part, float) and not abs(part) < float("inf"):
            return None  # JSON knows neither NaN nor infinity
        return part if part is None or isinstance(part, (bool, int, float)) else clean(str(part), name)

    return clean(result)
