"""The fixture's class."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any, Literal

from ccxt_ext.testing.bots.clients import Clients
from ccxt_ext.testing.cassettes import clock, sources, store
from ccxt_ext.testing.cassettes.clock import Clock
from ccxt_ext.testing.cassettes.credentials import forms_in, with_made_up
from ccxt_ext.testing.cassettes.deck import Deck
from ccxt_ext.testing.cassettes.errors import CassetteError
from ccxt_ext.testing.cassettes.hooks import attach
from ccxt_ext.testing.cassettes.record import Head, Record
from ccxt_ext.testing.cassettes.secrets.redaction import Secrets
from ccxt_ext.testing.cassettes.settings import KINDS, Settings

__tracebackhide__ = True  # pytest shows the line of the test that called this

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Cassette:
    """What the fixture `ccxt_cassette` gives a test: exchanges that are recorded, then replayed."""

    def __init__(
        self,
        settings: Settings,
        recorded: dict[Path, str] | None = None,
        sandbox: sources.Finder | None = None,
    ) -> None:  # internal
        self._settings = settings
        self._recorded = {} if recorded is None else recorded
        self._sandbox = sandbox
        self._clients = Clients()
        self._secrets = Secrets()
        self._deck: Deck | None = None
        self._boxes: list[Any] = []
        self._box: Any = None
        self._kind = "sync"
        #: whether what the cassette holds and the test did not do is no failure
        self.allow_unplayed = settings.allow_unplayed

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.name!r})"

    @property
    def path(self) -> Path:
        """The file, with streams beside it as .ws.jsonl."""
        return self._settings.path

    @property
    def recording(self) -> bool:
        """Whether this test is recorded, and not replayed: settled when it makes its first exchange."""
        return self._deck is not None and self._deck.recording

    @property
    def origin(self) -> str:
        """Where it comes from: "live", "sandbox" or "documented"."""
        return self._settings.source if self._deck is None else self._deck.record.head.origin

    @property
    def sandbox(self) -> Any:
        """The sandbox that is recorded, for the test to steer; None on replay, and with other sources."""
        return self._box

    def hide(
        self, *texts: str, fields: Iterable[str] = (), patterns: Mapping[str, str] | None = None
    ) -> None:
        """Name what else must not be in the file: texts, fields, or patterns with what stands for them.

        Credentials that an exchange was given, signatures and tokens need not be named.
        """
        self._secrets.hide(texts, fields, patterns)

    def exchange(
        self,
        id: str,
        kind: Literal["sync", "async", "pro"] = "sync",
        *,
        via: Mapping[str, str] | None = None,
        **config: Any,
    ) -> Any:
        """An exchange of ccxt's, of its class, its async class or its streaming class; closed after the test.

        `config` is its constructor argument. Credentials in it are used to record; on replay it gets made-up
        ones. `via` has addresses that are asked in place of others to record, each by its beginning.
        """
        if kind not in KINDS:
            raise CassetteError(f"unknown kind {kind!r}; there are {', '.join(KINDS)}")
        made_by = sources.class_of(id, kind)
        deck = self._started(id, kind)
        routes = dict(via or {})
        number = sum(exchange.id == id for exchange in deck.exchanges)
        if not deck.recording:
            entries = [entry for entry in deck.record.head.exchanges if entry["id"] == id]
            forms = entries[min(number, len(entries) - 1)]["keys"] if entries else {}
            config = with_made_up(id, config, forms, self._secrets)
        elif self._settings.source == "sandbox":
            box = self._sandbox_for(id)
            config, routes = sources.sandbox_config(made_by, box, id, config)
        exchange = made_by(config)
        if deck.recording:
            keys = forms_in(id, config, self._secrets)
            deck.record.head.exchanges.append({"id": id, "kind": kind, "keys": keys})
            deck.routes.update(routes)
        else:
            exchange.enableRateLimit = False
        deck.exchanges.append(exchange)
        deck.has_streams |= kind == "pro"
        attach(exchange, deck)
        return self._clients.keep(exchange, "session" not in config)

    def _sandbox_for(self, id: str) -> Any:
        self._box = sources.sandbox_for(id, self._sandbox, self._boxes, self._settings)
        return self._box

    def _started(self, id: str, kind: str) -> Deck:
        if self._deck is not None:
            if _RANK[kind] > _RANK[self._kind]:
                self._kind = self._deck.record.head.kind = kind
            return self._deck
        settings = self._settings
        settings.recording = self._is_to_be_recorded(kind)
        self._kind = kind
        if settings.recording:
            record, time = self._new_record(id, kind)
        elif settings.exists:
            record = store.read(settings.path)
            time = Clock(record.head.begun, record.head.steps)
        else:
            raise CassetteError(
                f"there is no cassette {settings.shown_path}; this records it: {settings.command}"
            )
        self._deck = Deck(record, time, settings, self._secrets)
        if settings.freeze:
            self._boxes.append(sources.frozen(time))
        self._deck.start()
        return self._deck

    def _is_to_be_recorded(self, kind: str) -> bool:
        mode, before = self._settings.mode, self._recorded.get(self._settings.path)
        if mode is None:
            return False
        if before is not None:  # in this run, by another kind: the pro class has all that the others have
            return kind == "pro" and before != "pro"
        return mode == "all" or not self._settings.exists

    def _new_record(self, id: str, kind: str) -> tuple[Record, Clock]:
        import ccxt

        settings = self._settings
        now: Callable[[], int] = clock.machine_ms
        seed = random.SystemRandom().getrandbits(32)
        if settings.source == "sandbox":
            now = self._sandbox_for(id).now
        elif settings.start_ms is not None:
            now = partial(int, settings.start_ms)
        if settings.source != "live":
            seed = zlib.crc32(settings.name.encode())
        begun = now()
        time = Clock(begun, now=now)
        told = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Record(Head(settings.source, told, ccxt.__version__, kind, seed, begun)), time

    def finish(self, passed: bool) -> list[str]:  # internal
        """Write what was recorded by a test that passed, or tell what is wrong with a replay."""
        deck = self._deck
        if deck is None:
            return []
        if not deck.recording:
            return self._complaints(deck) if passed else []
        if not passed:
            return []
        try:
            deck.write()
        except CassetteError as error:
            return [str(error)]
        self._recorded[self._settings.path] = self._kind
        return []

    def _complaints(self, deck: Deck) -> list[str]:
        told = list(dict.fromkeys(deck.problems))
        if told or self.allow_unplayed:
            return told
        unplayed = deck.unplayed()
        if unplayed:
            told.append(
                f"the test did not do all that is recorded in {self._settings.shown_path}; "
                f"@pytest.mark.ccxt_cassette(allow_unplayed=True) lets it, and this records it anew: "
                f"{self._settings.command}\nNot played:\n"
                + "\n".join(f"    {line}" for line in unplayed[:20])
            )
        return told

    def close(self) -> None:  # internal
        """Close what was made, whatever happens."""
        try:
            self._clients.close()
        finally:
            if self._deck is not None:
                self._deck.stop()
            while self._boxes:
                self._boxes.pop().__exit__(None, None, None)
