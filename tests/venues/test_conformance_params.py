"""ccxt's unified parameters at every unified method: taken, understood or refused, and never sent unread."""

import inspect
import re
from pathlib import Path

import ccxt
import pytest

import ccxt_ext.pro
from ccxt_ext.venue.calls.guards import is_unified
from ccxt_ext.venue.calls.market_choice import market_types
from ccxt_ext.venue.calls.unified import CANDLES_OF, UNIFIED, declared_params
from tests.ids import IDS, PRO_IDS
from tests.venues.params_net import (
    ALIASES,
    HARMLESS,
    OTHER,
    REFUSALS,
    SENSELESS,
    WISHES,
    Caller,
    kind_words,
    unified,
)
from tests.venues.profiles import PROFILES

ids = pytest.mark.parametrize("id", IDS)
kinds = pytest.mark.parametrize("kind", ["sync", "async"])
# What a method reads is written once; whether it is looked at, twice.
sync = pytest.mark.parametrize("kind", ["sync"])


def callers(id, kind):
    """One after the other: of what belongs to a key, only so much is kept."""
    profile = PROFILES[id]
    exchange, _ = profile.offline(kind, lambda request: None)
    for method in unified(exchange, profile):
        yield Caller(profile, kind, method)


def understood(caller):
    reads, anyway = declared_params(type(caller.exchange), caller.method)
    return reads | anyway


def refused(error, sent):
    return isinstance(error, REFUSALS) and not sent


def same(caller, outcome):
    """Whether a call sent and ended as it does without the parameter."""
    (error, sent), (plain_error, plain_sent) = outcome, caller.plain
    return type(error) is type(plain_error) and sent == plain_sent


@ids
@kinds
def test_a_wish_is_understood_or_refused_and_never_sent_unread(id, kind):
    wrong = []
    for caller in callers(id, kind):
        own = {field for sent in caller.plain[1] for field in sent}
        for name, value in WISHES.items():
            if name in caller.needs:
                continue
            error, sent = caller.told({name: value})
            if refused(error, sent):
                continue
            fields = {field for request in sent for field in request} - own
            forwarded = name in {field for field, _ in fields} and name not in PROFILES[id].same_names
            if forwarded or ALIASES.get(name, name) not in understood(caller):
                wrong.append((caller.method, name, error))
    assert wrong == []


@ids
@sync
def test_what_asks_for_nothing_changes_nothing(id, kind):
    wrong = []
    for caller in callers(id, kind):
        for name, value in HARMLESS:
            if name in caller.needs:
                continue
            outcome = caller.told({name: value})
            # A field of the venue's may say what is so anyway.
            says_so = name == "timeInForce" and name in understood(caller) and outcome[0] is None
            if not same(caller, outcome) and not says_so:
                wrong.append((caller.method, name, value, outcome[0]))
    assert wrong == []


@ids
@sync
def test_a_value_that_cannot_be_meant_is_refused_before_sending(id, kind):
    wrong = []
    for caller in callers(id, kind):
        for name, value in SENSELESS:
            if name.lower() in caller.method.lower():
                continue  # ccxt's own createPostOnlyOrder() and its like set it themselves
            error, sent = caller.told({name: value})
            if not isinstance(error, ccxt.BadRequest) or sent or id not in str(error):
                wrong.append((caller.method, name, value, error))
    assert wrong == []


@ids
@kinds
def test_the_type_that_a_market_is_changes_nothing(id, kind):
    wrong = []
    for caller in callers(id, kind):
        several = len(market_types(caller.exchange)) > 1
        for name, value in kind_words(PROFILES[id], caller.exchange):
            outcome = caller.told({name: value})
            if several and not caller.names_a_symbol():
                # Here it chooses; what has no choice says so.
                fields = {field for sent in outcome[1] for field in sent}
                fine = (name, value) not in fields and (outcome[0] is None or refused(*outcome))
            else:
                fine = same(caller, outcome)
            if not fine:
                wrong.append((caller.method, name, value, outcome[0]))
    assert wrong == []


@ids
@sync
def test_a_type_that_a_market_is_not_is_refused(id, kind):
    wrong = []
    for caller in callers(id, kind):
        chooses = len(market_types(caller.exchange)) > 1 or "type" in understood(caller)
        for name, value in kind_words(PROFILES[id], caller.exchange):
            if chooses and not caller.names_a_symbol():
                continue
            error, sent = caller.told({name: OTHER[value.lower()]})
            if not isinstance(error, ccxt.BadRequest) or sent:
                wrong.append((caller.method, name, value, error))
    assert wrong == []


@ids
@sync
def test_a_field_of_the_venues_own_is_sent_as_it_is_and_from_raw_as_well(id, kind):
    found = 0
    for caller in callers(id, kind):
        plain = caller.told({"canaryField": "1"})
        if plain == caller.plain:
            continue  # nothing is sent, or nothing of the caller's
        assert type(plain[0]) is type(caller.plain[0]), caller.method
        found += any(("canaryField", "1") in sent for sent in plain[1])
        assert caller.told({"raw": {"canaryField": "1"}})[1] == plain[1], caller.method
        # There it may be called like a parameter of ccxt's.
        names = {name for sent in caller.plain[1] for name, _ in sent}
        for name in sorted({"hedged", "marginMode", "timeInForce", "type"} - names):
            error, sent = caller.told({"raw": {name: "canary"}})
            taken = isinstance(error, ccxt.BadRequest) and f"sets {name} itself" in str(error)
            assert taken or any((name, "canary") in request for request in sent), (caller.method, name)
    assert found > 5


@ids
@sync
def test_what_a_method_sets_is_not_changed_by_raw(id, kind):
    caller = Caller(PROFILES[id], kind, "createOrder")
    [plain] = caller.plain[1]
    for name, value in plain - {("path", value) for _, value in plain}:
        error, sent = caller.told({"raw": {name: f"not {value}"}})
        taken = isinstance(error, ccxt.BadRequest) and not sent
        # A signature's own field is there already.
        assert taken or sent == [plain] or name in ("sign", "time"), (name, error)


@ids
@kinds
def test_an_order_in_capitals(id, kind):
    caller = Caller(PROFILES[id], kind, "createOrder")
    profile = PROFILES[id]
    given = dict(profile.__dict__, calls={"createOrder": (*order_in_capitals(profile),)})
    capitals = Caller(type(profile)(**given), kind, "createOrder")
    assert capitals.plain == caller.plain


def order_in_capitals(profile):
    symbol, type, side, amount, price = profile.calls["createOrder"]
    return symbol, type.upper(), side.capitalize(), amount, price


# -- which methods, which parameters ----------------------------------------------------------------


@ids
@pytest.mark.parametrize("kind", ["sync", "async", "pro"])
def test_every_unified_method_is_guarded(id, kind):
    if kind == "pro" and id not in PRO_IDS:
        return
    cls = getattr(ccxt_ext.pro, id) if kind == "pro" else PROFILES[id].kind(kind)
    found = 0
    for name in dir(cls):
        for base in cls.__mro__:
            method = vars(base).get(name)
            ours = inspect.isfunction(method) and method.__module__.startswith("ccxt_ext.")
            if ours and is_unified(name, inspect.unwrap(method)):
                assert hasattr(method, "guard"), f"{base.__name__}.{name}"
                found += 1
    assert found > 5


# Names that ccxt's venues use for fields of their own, or each in another sense.
OF_VENUES = {
    *("account", "accountId", "accountType", "address", "channel", "clientOid", "code", "cursor", "id"),
    *("interval", "remark"),
    *("limit", "name", "offset", "page", "posSide", "positionId", "recvWindow", "side", "state", "status"),
    *("symbol", "timezone", "orderId", "subaccount_id"),
}


def test_what_ccxt_documents_for_several_venues_is_known():
    counts = {}
    for file in (Path(ccxt.__file__).parent / "async_support").glob("*.py"):
        for name in set(re.findall(rb"\[params\.(\w+)\]", file.read_bytes())):
            counts[name.decode()] = counts.get(name.decode(), 0) + 1
    common = {name for name, count in counts.items() if count >= 4}
    assert len(common) > 25
    assert common - OF_VENUES <= UNIFIED | {CANDLES_OF}


@ids
def test_what_is_declared_is_a_parameter_of_a_method(id):
    exchange = PROFILES[id].kind("sync")()
    for method, names in (*exchange.understands.items(), *exchange.does_anyway.items()):
        assert method.removesuffix("Ws") in exchange.has, method
        assert set(names) <= UNIFIED, method
