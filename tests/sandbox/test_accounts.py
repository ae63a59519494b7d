"""Further accounts, their money and their keys."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import ccxt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.sandbox.funds import parse_accounts
from tests.ids import IDS
from tests.sandbox.control_box import Box

D = Decimal
MONEY = {
    "bitmart2": "USDT",
    "btex": "USDT",
    "bitmaxfutures": "USDT",
    "bitexbit": "USDT",
    "bitexasia": "USDT",
}
PAIRS = {
    "bitmart2": "BTC/USDT",
    "btex": "BTC/USDT:USDT",
    "bitmaxfutures": "BTC/USDT:USDT",
    "bitexbit": "BTC/USDT",
    "bitexasia": "SOL/USDT",
}


@pytest.fixture
def box() -> Box:
    return Box()


def balanced(box: Box) -> bool:
    ledger = box.ok("GET", "/ledger")
    return all(row["total"] == row["deposited"] for rows in ledger.values() for row in rows.values())


def test_every_venue_opens_an_account_with_the_money_and_keys_of_its_own(box: Box) -> None:
    for venue in IDS:
        fields = {"venue": venue, "account": "maker", "balances": {"USDT": "1000.5", "BTC": 1}}
        opened = box.ok("POST", "/accounts", fields)
        assert (opened["venue"], opened["account"]) == (venue, "maker")
        others = [box.world.frontends[venue].config(name, "", "") for name in ("config", "counterparty")]
        for secret in ("apiKey", "secret", "uid"):
            values = [config.get(secret) for config in (opened["config"], *others)]
            assert values == [None] * 3 or len(set(values)) == 3
        money = next(iter(box.ok("GET", f"/accounts?venue={venue}")[venue]["maker"].values()))
        assert money == {
            "USDT": {"free": "1000.5", "held": "0"},
            "BTC": {"free": "1", "held": "0"},
        }
    assert balanced(box)


def test_keys_depend_on_the_name_alone(box: Box) -> None:
    other = Box(accounts={"second": {}, "maker": {}, "third": {}})
    for venue in IDS:
        opened = box.ok("POST", "/accounts", {"venue": venue, "account": "maker"})["config"]
        assert opened == other.world.frontends[venue].config(
            "maker", "http://127.0.0.1:1", "ws://127.0.0.1:1"
        )


def test_accounts_are_shown_beside_the_two_and_gone_after_a_reset(box: Box) -> None:
    box.ok("POST", "/accounts", {"venue": "btex", "account": "maker"})
    assert list(box.ok("GET", "/")["venues"]["btex"]) == ["config", "counterparty", "maker"]
    assert list(box.ok("GET", "/accounts")["btex"]) == ["config", "counterparty", "maker"]
    assert box.ok("GET", "/orders?venue=btex&account=maker") == []
    box.ok("POST", "/reset")
    assert list(box.ok("GET", "/accounts")["btex"]) == ["config", "counterparty"]
    assert box.call("GET", "/orders?venue=btex&account=maker")[0] == 400


def test_orders_and_trades_of_all_accounts_are_shown() -> None:
    box = Box("bitmart2")
    box.ok("POST", "/accounts", {"venue": "bitmart2", "account": "maker", "balances": {"BTC": "1"}})
    engine = box.world.frontends["bitmart2"].engine
    bid = engine.markets["BTC_USDT"].book(1)[0][0].price
    order = engine.place("maker", "BTC_USDT", "sell", bid, D("0.01"))
    assert [row["account"] for row in box.ok("GET", "/orders?venue=bitmart2")] == ["maker"]
    assert box.ok("GET", "/trades?venue=bitmart2")[0]["order"] == str(order.id)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"account": "config"}, "account config already"),
        ({"account": "withdrawn"}, "account withdrawn already"),
        ({"account": "two words"}, "named like maker-2, not 'two words'"),
        ({"account": "LTC_USD:trader-1"}, "named like"),
        ({"account": 7}, "must be a name"),
        ({"account": None}, "must be a name"),
        ({"balances": {"DOGE": "1"}}, "unknown currency 'DOGE'"),
        ({"balances": {"USDT": "-1"}}, "must not be negative"),
        ({"balances": {"USDT": 1.5}}, "decimal as text"),
        ({"balances": {"USDT": "1e3"}}, "decimal as text"),
        ({"balances": ["USDT"]}, "amounts by currency"),
        ({"balances": {"USDT": "1" * 40}}, "bad_amount"),
        ({"wallet": "spot"}, "unknown wallet"),
        ({"secret": "x"}, "unknown field"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(changes: dict[str, Any], says: str) -> None:
    box = Box("bitexbit")
    fields = {"venue": "bitexbit", "account": "maker", "balances": {"USDT": "1"}, **changes}
    before = (
        box.ok("GET", "/accounts"),
        box.ok("GET", "/ledger"),
        box.world.frontends["bitexbit"].engine.accounts,
    )
    status, answer = box.call("POST", "/accounts", fields)
    assert status == 400 and says in answer["error"]
    after = (
        box.ok("GET", "/accounts"),
        box.ok("GET", "/ledger"),
        box.world.frontends["bitexbit"].engine.accounts,
    )
    assert after == before


def test_money_is_taken_out_again_as_far_as_it_is_free() -> None:
    box = Box("bitmart2")
    fields = {"venue": "bitmart2", "account": "config", "currency": "USDT"}
    engine = box.world.frontends["bitmart2"].engine
    engine.place("config", "BTC_USDT", "buy", D("1000"), D("1"))
    assert box.ok("POST", "/withdraw", {**fields, "amount": "4000000"}) == {"free": "999000", "held": "1000"}
    status, answer = box.call("POST", "/withdraw", {**fields, "amount": "999000.01"})
    assert status == 400 and "'amount' is more than can be taken out: " in answer["error"]
    assert box.ok("POST", "/withdraw", {**fields, "amount": 999000}) == {"free": "0", "held": "1000"}
    assert balanced(box)
    assert box.call("POST", "/withdraw", {**fields, "amount": "0"})[0] == 400
    assert box.call("POST", "/withdraw", {**fields, "amount": "1", "wallet": "spot"})[0] == 400


def test_margin_that_a_position_needs_cannot_be_taken_out() -> None:
    box = Box("bitmaxfutures")
    engine = box.world.frontends["bitmaxfutures"].engine
    ask = engine.markets["BTC-PERP"].book(1)[1][0].price
    engine.place("config", "BTC-PERP", "buy", ask, D("0.01"))
    fields = {"venue": "bitmaxfutures", "account": "config", "currency": "USDT"}
    free = engine.balances("config", "futures")["USDT"].free
    assert box.call("POST", "/withdraw", {**fields, "amount": str(free + D("0.01"))})[0] == 400
    box.ok("POST", "/withdraw", {**fields, "amount": format(free, "f")})
    assert engine.positions("config") and balanced(box)


@given(
    st.lists(
        st.tuples(st.sampled_from(("maker", "config")), st.booleans(), st.decimals("0.01", 900, places=2)),
        max_size=12,
    )
)
def test_deposits_and_withdrawals_keep_the_ledger_exact(moves: list[tuple[str, bool, Decimal]]) -> None:
    box = EXACT
    box.ok("POST", "/reset")
    box.ok("POST", "/accounts", {"venue": "bitexasia", "account": "maker", "balances": {"USDT": "1000"}})
    has = {"maker": D(1000), "config": D(5_000_000)}
    for account, puts_in, amount in moves:
        fields = {"venue": "bitexasia", "account": account, "currency": "USDT", "amount": str(amount)}
        status, _ = box.call("POST", "/deposit" if puts_in else "/withdraw", fields)
        allowed = puts_in or amount <= has[account]
        assert (status == 200) is allowed
        if allowed:
            has[account] += amount if puts_in else -amount
    for account, amount in has.items():
        money = box.ok("GET", "/accounts")["bitexasia"][account]["main"]
        assert D(money.get("USDT", {"free": "0"})["free"]) == amount
    assert balanced(box)


EXACT = Box("bitexasia")


def test_accounts_of_the_settings_have_what_each_venue_knows() -> None:
    box = Box(accounts={"maker": {"USDT": "1000", "BTC": 1, "UAH": "5"}, "btex/maker": {"spot.LTC": "3"}})
    found = {venue: rows["maker"] for venue, rows in box.ok("GET", "/accounts").items()}
    amounts = {
        venue: {f"{wallet}.{c}": row["free"] for wallet, rows in wallets.items() for c, row in rows.items()}
        for venue, wallets in found.items()
    }
    assert amounts == {
        "bitmart2": {"main.USDT": "1000", "main.BTC": "1"},
        "bitexbit": {"main.USDT": "1000", "main.BTC": "1", "main.UAH": "5"},
        "bitexasia": {"main.USDT": "1000", "main.BTC": "1"},
        "bitmaxfutures": {"futures.USDT": "1000", "futures.BTC": "1"},
        "btex": {"spot.LTC": "3"},
    }
    box.ok("POST", "/reset", {"seed": 2})
    assert {venue: rows["maker"] for venue, rows in box.ok("GET", "/accounts").items()} == found


def test_config_has_exactly_the_money_that_it_is_given() -> None:
    box = Box(accounts={"config": {"USDT": "1000"}})
    for venue, rows in box.ok("GET", "/accounts").items():
        assert [each for each in rows["config"].values() if each] == [{"USDT": {"free": "1000", "held": "0"}}]
        assert len(rows["counterparty"][box.world.frontends[venue].engine.wallets[0]]) > 0
        assert sum(made.account == "config" for made in box.world.frontends[venue].engine.deposits) == 1
    assert balanced(box)


@pytest.mark.parametrize(
    ("accounts", "says"),
    [
        ({"maker": {"XYZ": 1}}, "account maker: no venue has XYZ"),
        ({"btex/maker": {"XMR": 1}}, "account btex/maker: btex has no XMR"),
        ({"btex/maker": {"cash.BTC": 1}}, "account btex/maker: btex has no cash.BTC"),
        ({"nowhere/maker": {}}, "account nowhere/maker is for nowhere, which is not served"),
        ({"maker": {"USDT": "-1"}}, "USDT needs an amount such as 1.5, not '-1'"),
        ({"maker": {"USDT": "much"}}, "needs an amount"),
        ({"maker": {"USDT": "1" * 40}}, "needs an amount"),
        ({"maker": 1000}, "needs amounts by currency"),
        ({"a b": {}}, "named like maker-2, not 'a b'"),
    ],
)
def test_settings_that_make_no_sense_say_so(accounts: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says), Sandbox(accounts=accounts):
        raise AssertionError("it started")


def test_the_command_line_names_accounts() -> None:
    assert parse_accounts(["maker:USDT=1000,BTC=1", "btex/taker:spot.BTC=2", "poor:"]) == {
        "maker": {"USDT": "1000", "BTC": "1"},
        "btex/taker": {"spot.BTC": "2"},
        "poor": {},
    }
    for wrong in ("maker", "maker=1", "maker:USDT", ":USDT=1", "maker:=1", "maker:BTC=1,BTC=2"):
        with pytest.raises(ValueError, match="is no account; they are NAME:CURRENCY=AMOUNT"):
            parse_accounts([wrong])
    with pytest.raises(ValueError, match="maker is named twice"):
        parse_accounts(["maker:", "maker:"])


@pytest.fixture(scope="module")
def running():
    with Sandbox(accounts={"config": {"USDT": "1000"}, "btex/config": {"USDT": "1000"}}) as sandbox:
        yield sandbox


@pytest.mark.parametrize("venue", IDS)
def test_a_client_of_a_further_account_trades(running: Sandbox, venue: str) -> None:
    config = running.account(venue, "maker", {"USDT": D(10_000)})
    assert config == running.config(venue, "maker") == running.describe()["venues"][venue]["maker"]
    maker, taker = (getattr(ccxt, venue)(each) for each in (config, running.config(venue)))
    symbol = PAIRS[venue]
    assert taker.fetch_balance()["USDT"]["total"] == 1000
    assert maker.fetch_balance()["USDT"]["free"] == 10_000
    market = maker.load_markets()[symbol]
    book = maker.fetch_order_book(symbol)
    amount = market["limits"]["amount"]["min"] * 10
    bought = maker.create_order(symbol, "limit", "buy", amount, book["asks"][0][0])
    assert maker.fetch_order(bought["id"], symbol)["status"] == "closed"
    assert [row["account"] for row in running.control("GET", f"/trades?venue={venue}")] == ["maker"]
    assert running.withdraw(venue, "maker", "USDT", 1)["held"] is not None
    assert running.deposit(venue, "config", "USDT", "0.5") == {"free": "1000.5", "held": "0"}


def test_a_venue_without_further_accounts_says_so(running: Sandbox) -> None:
    with pytest.raises(SandboxError, match="unknown venue"):
        running.account("nowhere", "maker")
    with pytest.raises(SandboxError, match="unknown account 'nobody'"):
        running.withdraw("btex", "nobody", "BTC", "1")


def test_json_of_the_command_has_the_accounts(capfd: pytest.CaptureFixture[str]) -> None:
    with Sandbox(venues=["bitexasia"], accounts={"maker": {"USDT": 3}}) as sandbox:
        told = json.loads(json.dumps(sandbox.describe()))
    assert list(told) == ["control", "venues"]
    assert list(told["venues"]["bitexasia"]) == ["config", "counterparty", "maker"]
