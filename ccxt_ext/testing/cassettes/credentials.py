"""The credentials in an exchange's configuration: those that ccxt names, and others in tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ccxt_ext.testing.cassettes.secrets.made_up import form_of, made_up
from ccxt_ext.testing.cassettes.secrets.names import carries_secret
from ccxt_ext.testing.cassettes.secrets.redaction import Secrets
from ccxt_ext.venue.keys.credentials import CREDENTIALS


def now_in(exchange: Any) -> Iterator[tuple[str, str]]:
    others = (name for name in exchange.requiredCredentials if name not in CREDENTIALS)
    for name in (*CREDENTIALS, *others):
        value = getattr(exchange, name, None)
        if value and isinstance(value, str | int):
            yield name, str(value)


def credentials_in(
    config: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from credentials_in(value, (*path, str(name)))
        elif value and isinstance(value, str | int) and not isinstance(value, bool):
            text = str(value)
            if name in CREDENTIALS or (
                isinstance(value, str) and carries_secret(str(name), text, asked=True)
            ):
                yield (*path, str(name)), text


def forms_in(id: str, config: Mapping[str, Any], secrets: Secrets) -> dict[str, dict[str, Any]]:
    """What the file tells of them. From then on they are hidden."""
    forms = {}
    for path, text in credentials_in(config):
        name = ".".join(path)
        forms[name] = {"as": secrets.credential(f"{id}.{name}", text), **form_of(text)}
    return forms


def without_credentials(config: Mapping[str, Any]) -> dict[str, Any]:
    left = _copy(config)
    for path, _ in credentials_in(config):
        table = left
        for name in path[:-1]:
            table = table[name]
        del table[path[-1]]
    return left


def with_made_up(
    id: str, config: Mapping[str, Any], forms: Mapping[str, Any], secrets: Secrets
) -> dict[str, Any]:
    """A configuration with made-up credentials in the place of its own, if it has any."""
    made = without_credentials(config)
    for name, form in forms.items():
        text = made_up(form["as"], form)
        table = made
        *tables, last = name.split(".")
        for inner in tables:
            table = table.setdefault(inner, {})
        table[last] = text
        secrets.credential(form["as"] if form["form"] != "digits" else f"{id}.{name}", text)
    return made


def _copy(config: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copy(value) if isinstance(value, Mapping) else value for name, value in config.items()}
