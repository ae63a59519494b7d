"""Chapter 9, of ccxt's unified parameters at every method: understood or refused, and never sent unread."""

from __future__ import annotations

from typing import Any

import ccxt

from ccxt_ext.testing.conformance.asking import Asking, asking, askings
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.raising import none_of
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.conformance.told import Told, told_of
from ccxt_ext.testing.conformance.wishes import HARMLESS, OTHER, SENSELESS, WISHES

# Fields that a signature adds after the others were looked at.
OF_SIGNATURE = ("nonce", "sign", "signature", "time", "timestamp")

SAME_NAMES = "a venue that means the same by a name has it in its profile's same_names"


def said(found: Asking, name: str, value: Any) -> str:
    return f"{found.method}({name}={value!r})"


def may_send(tested: Tested, found: Asking, name: str) -> bool:
    """Whether the venue's own field may be called like a parameter. Without a profile a class that declares
    what it reads is believed."""
    profile = tested.profile
    return name in profile.same_names or (not profile.calls and name in (found.declared() or ()))


@case("9.1", "A wish is understood or refused, and never sent unread", level="proven")
def wishes(tested: Tested, kind: str) -> None:
    """Each of ccxt's unified parameters at each method. Who does not do what it asks for says so, with
    NotSupported or BadRequest, and sends nothing; nor is it sent as a field that the venue may read in
    another sense. Who takes it sends another request than without it, or makes something else of the answer:
    to declare it is not enough."""
    wrong = []
    for found in askings(tested, kind):
        sent, ignored = [], []
        for name, value in WISHES.items():
            if name in found.needs:
                continue
            outcome = found.told({name: value})
            if outcome.is_refusal():
                continue
            added = {field for field, _ in outcome.fields - found.plain.fields}
            if name in added and not may_send(tested, found, name):
                sent.append(name)
            elif not found.heeds(name, may_send(tested, found, name)):
                ignored.append(name)
        if sent:
            wrong.append(f"{found.method} sends as it is: {', '.join(sent)} ({SAME_NAMES})")
        if ignored:
            wrong.append(f"{found.method} takes no notice of: {', '.join(ignored)}")
    none_of(wrong)


@case("9.2", "What asks for nothing changes nothing", kinds=(), level="proven")
def harmless(tested: Tested) -> None:
    """None, False, GTC and their like: the request is as it is without them."""
    wrong = []
    for found in askings(tested, tested.kinds[0]):
        declared = found.declared()
        for name, value in HARMLESS:
            if name in found.needs:
                continue
            outcome = found.told({name: value})
            # A field of the venue's may say what is so anyway.
            reads = declared is None or name in declared
            says_so = name == "timeInForce" and reads and outcome.error is None
            if not (outcome.is_like(found.plain) or says_so):
                wrong.append(f"{said(found, name, value)} changes what is sent: {outcome.error!r}")
    none_of(wrong)


@case("9.3", "A value that cannot be meant is refused before anything is sent", kinds=(), level="proven")
def senseless(tested: Tested) -> None:
    """With BadRequest, in words that name the venue."""
    wrong = []
    for found in askings(tested, tested.kinds[0]):
        for name, value in SENSELESS:
            if name.lower() in found.method.lower():
                continue  # ccxt's own createPostOnlyOrder() and its like set it themselves
            if name == "raw" and found.declared() is None:
                continue  # it is our parts' own
            outcome = found.told({name: value})
            error = outcome.error
            if not isinstance(error, ccxt.BadRequest) or outcome.sent or tested.id not in str(error):
                wrong.append(f"{said(found, name, value)} is not refused as senseless: {error!r}")
    none_of(wrong)


@case("9.4", "To name the type that a market is changes nothing", level="proven")
def own_type(tested: Tested, kind: str) -> None:
    """Where the call names no market and there are several types, the type chooses, or is refused."""
    wrong = []
    for found in askings(tested, kind):
        for name, value in found.kinds:
            outcome = found.told({name: value})
            if several_types(found) and not found.names_a_symbol():
                # Here it chooses; what has no choice says so.
                read = outcome.error is None or outcome.is_refusal()
                fine = (name, value) not in outcome.fields and read
            else:
                fine = outcome.is_like(found.plain)
            if not fine:
                wrong.append(f"{said(found, name, value)} changes what is sent: {outcome.error!r}")
    none_of(wrong)


def several_types(found: Asking) -> bool:
    markets = found.exchange.markets.values()
    has = found.exchange.has
    types = {name for name in ("spot", "swap", "future", "option") if has.get(name)}
    return len(types | {market["type"] for market in markets}) > 1


@case("9.5", "A type that a market is not is refused", kinds=(), level="proven")
def other_type(tested: Tested) -> None:
    """With BadRequest, before anything is sent: nobody gets the spot market's answer for the contract's."""
    wrong = []
    for found in askings(tested, tested.kinds[0]):
        chooses = several_types(found) or "type" in (found.declared() or ())
        for name, value in found.kinds:
            other = OTHER.get(value.lower())
            if other is None or (chooses and not found.names_a_symbol()):
                continue
            outcome = found.told({name: other})
            if not isinstance(outcome.error, ccxt.BadRequest) or outcome.sent:
                wrong.append(f"{said(found, name, other)} is not refused: {outcome.error!r}")
    none_of(wrong)


@case("9.6", "A field of the venue's own is sent as it is", kinds=(), level="proven")
def own_fields(tested: Tested) -> None:
    """By whoever sends fields of the caller's. Where the class has `raw` (our parts do), from there as well,
    under names that ccxt has for something else too."""
    sent_by = 0
    for found in askings(tested, tested.kinds[0]):
        plain = found.told({"canaryField": "1"})
        if plain.is_like(found.plain):
            continue  # nothing is sent, or nothing of the caller's
        where = said(found, "canaryField", "1")
        assert type(plain.error) is type(found.plain.error), f"{where}: {plain.error!r}"
        sent_by += ("canaryField", "1") in plain.fields
        if found.declared() is None:
            continue
        raw = found.told({"raw": {"canaryField": "1"}})
        assert raw.sent == plain.sent, f"{where} sends something else from raw: {raw.error!r}"
        # There it may be called like a parameter of ccxt's.
        names = {name for name, _ in found.plain.fields}
        for name in sorted({"hedged", "marginMode", "timeInForce", "type"} - names):
            outcome = found.told({"raw": {name: "canary"}})
            error = outcome.error
            taken = isinstance(error, ccxt.BadRequest) and f"sets {name} itself" in str(error)
            assert taken or (name, "canary") in outcome.fields, f"{where}: raw {name} is not sent: {error!r}"
    assert sent_by, "no method sends a field of the caller's"


@case(
    "9.7",
    "What a method sets itself is not changed from `raw`",
    needs=("createOrder",),
    kinds=(),
    level="proven",
)
def raw_of_an_order(tested: Tested) -> None:
    """Of a class that has `raw`: market, side, amount and price of an order stay those of the call."""
    found = asking(tested, tested.kinds[0], "createOrder")
    if found.declared() is None:
        return
    plain = found.plain.sent
    order = max(plain, key=len)  # what is asked before and after it says less
    for name, value in sorted(order):
        if name == "path" or name in OF_SIGNATURE:
            continue
        outcome = found.told({"raw": {name: f"not {value}"}})
        refused = isinstance(outcome.error, ccxt.BadRequest) and order not in outcome.sent
        fine = outcome.sent == plain[: len(outcome.sent)] if refused else outcome.sent == plain
        assert fine, f"raw {name} changes the order: {outcome.error!r}"


@case("9.8", "An order's words may be in capitals", needs=("createOrder",), level="proven")
def capitals(tested: Tested, kind: str) -> None:
    """ "LIMIT" and "Buy" send what "limit" and "buy" do."""
    told = next(each for each in told_of(tested) if each.method == "createOrder")
    symbol, order_type, side, *rest = told.arguments
    given = (symbol, order_type.upper(), side.capitalize(), *rest)
    small = Asking(tested, kind, told).plain
    outcome = Asking(tested, kind, Told("createOrder", given, told.answers)).plain
    same = outcome.is_like(small)
    assert same, f"{given[1:3]}: {outcome.error!r}, where {told.arguments[1:3]}: {small.error!r}"
