"""What the suite cannot see by itself about a venue."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ccxt_ext
from ccxt_ext.testing.venues import class_of
from ccxt_ext.testing.wire import Answer, Request, Wire

# The folders of documented answers, and of what each has to become.
BESIDE = ("payloads", "expected")


@dataclass(frozen=True)
class Way:
    """A way to read lists."""

    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the client, that choose it."""
    methods: Sequence[str] = ()
    """Those that it concerns; none: all."""
    in_one_page: bool = False
    """Whether it gives all that the venue still has in one page, so that more at once push others out."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Of the calls, that choose it or make pages small, to 20 rows. For lists of money that moves."""


@dataclass(frozen=True)
class Profile:
    """What the suite cannot see by itself about a venue.

    A Python file has it as `PROFILE`. All but the id may be left out; a case that needs what is left out does
    not apply then.
    """

    id: str
    """The venue's ccxt id."""
    payloads: Path | None = None
    """The folder of documented answers, each a JSON file; without it, `payloads` beside the profile's file.
    """
    expected: Path | None = None
    """The folder of what each of them has to become; without it, `expected` beside the profile's file."""
    token: Callable[[Any], Any] | None = None
    """Reads the token that a documented login has left with an exchange."""
    exempt: Mapping[str, str] = field(default_factory=dict)
    """What the venue itself makes impossible: a case's number, such as "3.4" or "3.4[sync]", and the reason.
    The case has to fail, and does not count."""
    level: str | None = None
    """The level that the venue claims to have: "reads", "trades", "streams" or "proven". If a run of the
    whole suite does not show it, the run fails."""
    skip_ccxt: Mapping[str, Any] = field(default_factory=dict)
    """What ccxt's own suite is to skip, in the words of ccxt's skip-tests.json, with reasons."""
    skip_ccxt_pro: Mapping[str, Any] = field(default_factory=dict)
    """The same for ccxt's own suite of streams."""
    bites: int = 1500
    """Into how many fills ccxt's own suite of streams cuts an order; fewer where the venue takes no order so
    large, or tells what was filled of one only once it is done."""
    transfer: Callable[[Any], Sequence[str]] | None = None
    """Takes a client of the counterparty; gives the `from` and `to` of a transfer() that the sandbox honours.
    """
    counts_by_account: bool = False
    """Whether the venue lets an account send so little that several clients have to share it."""
    reads: Mapping[str, Any] = field(default_factory=lambda: {"method": "GET"})
    """Which requests only read, in the words of the sandbox's faults: a `method`, or a pattern of a `path`.
    """
    fills_in_sum: bool = False
    """Whether the venue tells how much an order has filled, and not in how many trades, once it is too late
    to have heard of them."""
    page_sizes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Modules, of the client and the frontend, and in each the names of the most rows that a page has. The
    suite makes them small, so that a few rows fill several pages, as it does with the option `pageSize`."""
    list_ways: Sequence[Way] = ()
    """The ways in which lists can be read; none: the one that needs no options."""
    latest_only: Mapping[str, int] = field(default_factory=dict)
    """Lists, such as "spot.fetchTrades", of which the venue tells only the latest so many."""

    credentials: Mapping[str, str] = field(default_factory=dict)
    """Made-up keys, by ccxt's names; without them the suite makes up all that `requiredCredentials` asks for.
    """
    structured: Sequence[str] = ()
    """Those of `credentials` that have a form, such as a PEM or the base64 of a seed, by ccxt's names."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """More of the constructor's argument, for the documented answers."""
    market_type: str = "spot"
    """The type of the market below."""
    symbol: str = ""
    """A market that the documented answers speak of."""
    amount: float = 0
    """Of an order that this market takes, at the price below."""
    price: float = 0
    """Of an order that this market takes."""
    markets_sample: str = ""
    """The documented answer that lists the markets."""
    markets_key: str | None = None
    """Under which that answer has the list."""
    more_markets: Sequence[Mapping[str, Any]] = ()
    """Further markets in the venue's own form, for answers about currencies that the list above lacks."""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Every documented endpoint: its implicit method, and its method and path with each {name} in braces."""
    calls: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Each unified method that sends something, with arguments for it."""
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The documented answers that each of these methods meets."""
    more_samples: Sequence[tuple[str, tuple[Any, ...], str]] = ()
    """What other ways of the same methods meet: method, arguments, documented answer."""
    unsent: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Unified methods that send nothing, with arguments for them."""
    nothing: Any = field(default_factory=dict)
    """An answer that is a success and tells nothing."""
    backdrop: Callable[[Request], Answer | None] = field(default=lambda request: None)
    """Answers what a call asks for beside its own request, such as a login; None for all the rest."""
    refusals: Sequence[tuple[int, str, str, type[Exception]]] = ()
    """Documented refusals: status, body, the unified method that meets it, the exception that it is."""
    refusing: Callable[[str], Answer | None] | None = None
    """Says no in words as the venue does by its documents: takes a text such as "Insufficient funds", and
    gives the answer, or None where the venue has nothing that means it."""
    unsupported_order_params: Mapping[str, Any] = field(default_factory=dict)
    """ccxt's unified parameters of orders that the venue has nothing for, each with a value."""
    cancel_refusal: Mapping[str, Any] = field(default_factory=dict)
    """With what words, and `code` and `status`, the venue may refuse to cancel an order that stays open.
    """
    same_names: Sequence[str] = ()
    """Those of ccxt's unified parameters for which the venue has a field that is called the same."""

    def kind(self, which: str) -> Any:
        """The class of a kind: "sync", "async" or "pro"."""
        return class_of(self.id, which)

    def sample(self, name: str) -> Any:
        """A documented answer."""
        assert self.payloads is not None, f"the profile of {self.id} has no payloads"
        return json.loads((self.payloads / f"{name}.json").read_text("utf-8"))

    def documented(self, name: str) -> Answer:
        return Answer(self.sample(name))

    def keys(self) -> dict[str, str]:
        """Made-up credentials."""
        if self.credentials:
            return dict(self.credentials)
        needed = self.kind("sync")().requiredCredentials
        return {name: f"canary{name[:1].upper()}{name[1:]}" for name, wanted in needed.items() if wanted}

    def offline(
        self,
        which: str,
        answer: Callable[[Request], Answer],
        markets: Sequence[Mapping[str, Any]] | None = None,
        **config: Any,
    ) -> tuple[Any, Wire]:
        """An exchange with markets and credentials whose requests are answered by `answer`.

        Nothing is known of its key, though others may have been made before.
        """
        ccxt_ext.reset_shared()
        wire = Wire(lambda request: self.backdrop(request) or answer(request))
        given = {"enableRateLimit": False, **self.keys(), **self.config, **config}
        exchange = wire.exchange(self.kind(which), given)
        exchange.look_again_ms = (0,)
        if markets is None and self.markets_sample:
            sample = self.sample(self.markets_sample)
            markets = sample if self.markets_key is None else sample[self.markets_key]
            markets = [*markets, *self.more_markets]
        if markets is not None:
            exchange.set_markets(exchange.parse_markets(markets))
        return exchange, wire


def load(path: Path) -> Profile:
    """The profile of a Python file."""
    spec = importlib.util.spec_from_file_location(f"ccxt_ext_profile_{path.parent.name}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileNotFoundError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    profile = getattr(module, "PROFILE", None)
    if not isinstance(profile, Profile):
        raise TypeError(f"{path} has no PROFILE = Profile(...)")
    payloads, expected = (folder if folder.is_dir() else None for folder in map(path.parent.joinpath, BESIDE))
    return dataclasses.replace(
        profile, payloads=profile.payloads or payloads, expected=profile.expected or expected
    )
