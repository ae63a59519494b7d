"""Takes secrets out of texts, and puts made-up ones in their place on replay."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ccxt_ext.testing.cassettes.errors import CassetteError
from ccxt_ext.testing.cassettes.secrets import last_look
from ccxt_ext.testing.cassettes.secrets.forms import SHORTEST, contents, forms, forms_of_proof
from ccxt_ext.testing.cassettes.secrets.names import LONG, carries_secret, plain

MASK = "***"

_FIELD = re.compile(r'"(?P<name>[^"\\]+)"(?P<gap>\s*:\s*)"(?P<value>(?:[^"\\]|\\.)*)"')
_ESCAPED_FIELD = re.compile(r'\\"(?P<name>[^"\\]+)\\"(?P<gap>\s*:\s*)\\"(?P<value>(?:(?!\\").)*)\\"')
_LIST_FIELD = re.compile(
    r'"(?P<name>[^"\\]+)"(?P<gap>\s*:\s*)\[(?P<values>\s*"(?:[^"\\]|\\.)*"(?:\s*,\s*"(?:[^"\\]|\\.)*")*\s*)\]'
)
_NUMBER_FIELD = re.compile(r'"(?P<name>[^"\\]+)"(?P<gap>\s*:\s*)(?P<value>-?\d+)(?![\d.eE])')
_PAIR = re.compile(r'(?P<name>[A-Za-z][\w.-]*)=(?P<value>[^&\s"\'#]*)')


class Secrets:
    """What must not be written, and what stands for it in the file."""

    def __init__(self) -> None:
        self._credentials: dict[str, str] = {}  # value: what stands for it
        self._short: dict[str, str] = {}
        self._hidden: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        self._proofs: dict[str, None] = {}
        self._fields: set[str] = set()
        self._patterns: list[tuple[re.Pattern[str], str]] = []
        self._forms: dict[str, list[str]] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self._credentials)} credentials)"

    # -- what there is ------------------------------------------------------------------------------

    def credential(self, label: str, value: str) -> str:
        """Hide a credential. Returns the label under which it is known: the same value has but one."""
        known = self._credentials if len(value) >= SHORTEST else self._short
        if value not in known:
            stand_in = f"{MASK}{label}{MASK}"
            taken = {*self._credentials.values(), *self._short.values()}
            number = 2
            while stand_in in taken:
                stand_in = f"{MASK}{label}-{number}{MASK}"
                number += 1
            # A number may stand in JSON without quotes, where only a number can take its place.
            known[value] = "9" * len(value) if value.isdecimal() and len(value) >= SHORTEST else stand_in
        return known[value].strip("*") or label

    def hide(
        self,
        values: Iterable[str] = (),
        fields: Iterable[str] = (),
        patterns: Mapping[str, str] | None = None,
    ) -> None:
        for value in values:
            self._hidden[value] = MASK
        self._fields |= {plain(name) for name in fields}
        for pattern, stand_in in (patterns or {}).items():
            self._patterns.append((re.compile(pattern), stand_in))

    def proof(self, made: Any) -> None:
        """Hide what was computed from a secret: a signature, a digest, a token."""
        if isinstance(made, Mapping):
            for part in made.values():
                self.proof(part)
        elif isinstance(made, bytes):
            if len(made) >= SHORTEST:
                encoded = base64.b64encode(made).decode()
                for text in (made.hex(), encoded, encoded.replace("+", "-").replace("/", "_")):
                    self._proofs[text] = None
        elif isinstance(made, str) and len(made) >= SHORTEST:
            self._proofs[made] = None

    def learn(self, answer: str) -> None:
        """Hide the tokens that an answer gives, wherever else they are."""
        for name, value in _fields_of(answer):
            if len(value) >= LONG and MASK not in value and carries_secret(name, value, asked=False):
                self._token(name, value)

    def _token(self, name: str, value: str) -> None:
        if value in self._tokens or value in self._credentials:
            return
        number = 1 + sum(
            plain(known.strip("*").rpartition("-")[0]) == plain(name) for known in self._tokens.values()
        )
        self._tokens[value] = f"{MASK}{name}-{number}{MASK}"

    # -- out of texts -------------------------------------------------------------------------------

    def clean(self, text: str, asked: bool) -> str:
        """A request's text (`asked`) or an answer's without any secret."""
        text = self._without_credentials(text)
        for value, stand_in in self._tokens.items():
            for form in forms_of_proof(value):
                text = text.replace(form, stand_in)
        for proof in self._proofs:
            for form in forms_of_proof(proof):
                text = text.replace(form, MASK)
        text = self._without_named(text, asked)
        for pattern, stand_in in self._patterns:
            text = pattern.sub(stand_in, text)
        return text

    def clean_call(self, told: list[Any]) -> list[Any]:
        """A method and its arguments without any secret."""
        cleaned: list[Any] = json.loads(self.clean(json.dumps(told), True))
        return cleaned

    def _without_credentials(self, text: str) -> str:
        for value, stand_in in (*self._credentials.items(), *self._hidden.items()):
            if value.isdecimal():
                text = re.sub(rf"(?<![\d.]){value}(?![\d.])", stand_in, text)
                continue
            if value not in self._forms:
                self._forms[value] = forms(value) if len(value) >= SHORTEST else [value]
            for form in self._forms[value]:
                if form in text:
                    text = text.replace(form, stand_in if form == value else MASK)
        return text

    def _without_named(self, text: str, asked: bool) -> str:
        def masked(found: re.Match[str], quote: str) -> str:
            name, value = found["name"], found["value"]
            stand_in = self._stand_in(name, value, asked)
            return (
                found[0]
                if stand_in is None
                else f"{quote}{name}{quote}{found['gap']}{quote}{stand_in}{quote}"
            )

        text = _FIELD.sub(lambda found: masked(found, '"'), text)
        text = _ESCAPED_FIELD.sub(lambda found: masked(found, '\\"'), text)
        if self._fields:
            text = _LIST_FIELD.sub(self._without_list, text)
            text = _NUMBER_FIELD.sub(
                lambda found: (
                    f'"{found["name"]}"{found["gap"]}0' if plain(found["name"]) in self._fields else found[0]
                ),
                text,
            )

        def pair(found: re.Match[str]) -> str:
            stand_in = self._stand_in(found["name"], found["value"], asked)
            return found[0] if stand_in is None else f"{found['name']}={stand_in}"

        return _PAIR.sub(pair, text)

    def _without_list(self, found: re.Match[str]) -> str:
        if plain(found["name"]) not in self._fields:
            return found[0]
        masked = ", ".join([f'"{MASK}"'] * len(json.loads(f"[{found['values']}]")))
        return f'"{found["name"]}"{found["gap"]}[{masked}]'

    def _stand_in(self, name: str, value: str, asked: bool) -> str | None:
        """What takes the place of a field's value, or None if it stays."""
        if not value or MASK in value or MASK in urllib.parse.unquote(value):
            return None
        if plain(name) in self._fields or carries_secret(name, value, asked):
            return MASK
        for short, stand_in in self._short.items():
            if value == short and plain(stand_in.rpartition(".")[2].rstrip("*-23456789")) == plain(name):
                return stand_in
        return None

    def look(self, text: str) -> None:
        """Raise if the finished text holds a secret after all."""
        whole = [*self._credentials, *(value for value in self._hidden if len(value) >= SHORTEST)]
        needles = {content for value in whole if not value.isdecimal() for content in contents(value)}
        needles |= {value.encode() for value in (*self._tokens, *self._proofs)}
        line = last_look.line_with(text, needles)
        if line is not None:
            raise CassetteError(
                f"nothing was written: a secret would be left in line {line} of the cassette, in a form that "
                "is not known here. Say what is to be hidden before the exchange is used: "
                'ccxt_cassette.hide("the text that must not appear"), or hide(fields=["itsName"])'
            )

    # -- and back -----------------------------------------------------------------------------------

    def restored(self, text: str) -> str:
        """An answer as the client can use it, with its own made-up credentials."""
        if MASK in text:
            for value, stand_in in (*self._credentials.items(), *self._short.items()):
                text = text.replace(stand_in, json.dumps(value)[1:-1])
        return text


def _fields_of(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (_FIELD, _ESCAPED_FIELD):
        for found in pattern.finditer(text):
            yield found["name"], found["value"]
