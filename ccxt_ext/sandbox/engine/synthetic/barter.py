"""Does the book-keeping of a history: many trades of a market's own traders, in which nobody else takes part.

It comes to the same as placing the orders, money to the last digit, and takes a quarter of the time: amounts
are integers, nothing is held, and the buckets are written once, at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..accounts import Account
from ..exact import ZERO, add, multiply
from ..ledger import Bucket, Wallet
from ..model import Side
from ..trading.columns import Table, Units
from ..trading.matching import Matching
from ..value import Valuation


class Purse:
    """The free money of a trader in one currency, in units, and what had to be put in."""

    __slots__ = ("_wallet", "currency", "deposited", "free", "held", "units")

    def __init__(self, wallet: Wallet, currency: str, units: Units) -> None:
        self._wallet = wallet
        self.currency = currency
        self.units = units
        self.free = units.count(wallet.free.get(currency))
        self.deposited = 0
        self.held = False
        """Whether money was ever held for an order."""

    def hold(self, amount: int) -> None:
        """Have as much as an order holds."""
        self.held = True
        if self.free < amount:
            self.put_in(len(str(amount)))

    def put_in(self, digits: int) -> None:
        """Put in the smallest number with more digits than this."""
        amount = 10**digits
        self.deposited += amount
        self.free += amount

    def write(self) -> None:
        wallet, currency = self._wallet, self.currency
        wallet.free.amounts[currency] = self.units.value(self.free)
        if self.held:
            wallet.held.amounts.setdefault(currency, ZERO)
        if self.deposited:
            change(wallet.deposits, currency, self.units.value(-self.deposited))


def change(bucket: Bucket, currency: str, amount: Decimal) -> None:
    bucket.amounts[currency] = add(bucket.get(currency), amount)


class Barter:
    """The trades of a history. Members go by their places, prices by ticks, amounts by steps."""

    def __init__(self, matching: Matching, members: Sequence[Account]) -> None:
        self._matching = matching
        self.members = members
        spec = matching.spec
        price, amount = Units(spec.tick), Units(spec.step)
        self._tick, self._step = price.count(spec.tick), amount.count(spec.step)
        self._rates = Units(_finest(spec.maker_fee, spec.taker_fee))
        self.whole = self._rates.count(Decimal(1))
        """A rate of one."""
        self.maker_rate = self._rates.count(spec.maker_fee)
        self.taker_rate = self._rates.count(spec.taker_fee)
        self._trades = Table(4)
        self._orders = 0

    def deal(
        self, makers: Sequence[tuple[int, int, int]], taker: int, side: Side, ticks: int, now: int
    ) -> None:
        """A taker fills `makers` (member, ticks and steps of each), best price first.

        The order that it trades with is for all of it, at `ticks`. Orders have come in another sequence: the
        makers', worst price first, and then the taker's.
        """
        other: Side = "sell" if side == "buy" else "buy"
        total = 0
        for member, price, steps in reversed(makers):
            self.order(member, other, price, steps)
            total += steps
        self.order(taker, side, ticks, total)
        matching = self._matching
        for member, price, steps in makers:
            if side == "buy":
                self.trade(taker, member, price, steps, self.taker_rate, self.maker_rate)
            else:
                self.trade(member, taker, price, steps, self.maker_rate, self.taker_rate)
            amount = steps * self._step
            self._trades.append(
                (matching.next_trade_id, now, price * self._tick, amount if side == "buy" else -amount)
            )
            matching.next_trade_id += 1
        self._orders += len(makers) + 1
        matching.seq += 2 * len(makers) + 1

    def order(self, member: int, side: Side, ticks: int, steps: int) -> None:
        """Have the money for an order."""
        raise NotImplementedError

    def trade(
        self, buyer: int, seller: int, ticks: int, steps: int, buyer_rate: int, seller_rate: int
    ) -> None:
        """Move the money of a trade."""
        raise NotImplementedError

    def write(self) -> int:
        """Write everything down. Returns how many orders there were."""
        self._matching.tape.begin(self._trades, 0)
        self.write_money()
        return self._orders

    def write_money(self) -> None:
        raise NotImplementedError


class SpotBarter(Barter):
    def __init__(self, matching: Matching, members: Sequence[Account]) -> None:
        super().__init__(matching, members)
        spec = matching.spec
        base = Units(multiply(spec.step, self._rates.unit))
        quote = Units(multiply(spec.tick, base.unit))
        self._base, self._quote = base, quote
        self._bases = [Purse(member.wallet, spec.base, base) for member in members]
        self._quotes = [Purse(member.wallet, spec.quote, quote) for member in members]
        self._fee_in_quote = spec.fee_on == "quote"
        self._buy_factor = self.whole
        if self._fee_in_quote:
            self._buy_factor += max(self.maker_rate, self.taker_rate, 0)
        self._base_fees = self._quote_fees = 0

    def order(self, member: int, side: Side, ticks: int, steps: int) -> None:
        amount = steps * self._step
        if side == "sell":
            self._bases[member].hold(amount * self.whole)
        else:
            self._quotes[member].hold(ticks * self._tick * amount * self._buy_factor)

    def trade(
        self, buyer: int, seller: int, ticks: int, steps: int, buyer_rate: int, seller_rate: int
    ) -> None:
        amount, whole = steps * self._step, self.whole
        cost = ticks * self._tick * amount
        self._bases[seller].free -= amount * whole
        self._quotes[seller].free += cost * (whole - seller_rate)
        self._quote_fees += cost * seller_rate
        if self._fee_in_quote:
            self._bases[buyer].free += amount * whole
            self._quotes[buyer].free -= cost * (whole + buyer_rate)
            self._quote_fees += cost * buyer_rate
        else:
            self._bases[buyer].free += amount * (whole - buyer_rate)
            self._quotes[buyer].free -= cost * whole
            self._base_fees += amount * buyer_rate

    def write_money(self) -> None:
        for purse in (*self._bases, *self._quotes):
            purse.write()
        spec, fees = self._matching.spec, self._matching.settlement.fees
        for currency, units, taken in (
            (spec.base, self._base, self._base_fees),
            (spec.quote, self._quote, self._quote_fees),
        ):
            if taken:
                change(fees, currency, units.value(taken))


class ContractBarter(Barter):
    """Nobody has a margin: payments are of the whole value."""

    def __init__(self, matching: Matching, members: Sequence[Account], nets: dict[str, Decimal]) -> None:
        super().__init__(matching, members)
        spec = matching.spec
        self._nets = nets
        self._net = [0] * len(members)
        self._traded: set[int] = set()
        self._valuation = Valuation(spec)
        smallest = self._valuation.smallest(spec.tick, spec.step)
        money = Decimal(1).scaleb(-spec.settle_digits)
        self._units = Units(_finest(smallest, money))
        self._money = self._units.count(money)
        self._purses = [Purse(member.wallet, spec.settle, self._units) for member in members]
        self._fees = 0

    def order(self, member: int, side: Side, ticks: int, steps: int) -> None:
        """Nothing is held for it."""

    def trade(
        self, buyer: int, seller: int, ticks: int, steps: int, buyer_rate: int, seller_rate: int
    ) -> None:
        spec, purses = self._matching.spec, self._purses
        value = self._valuation.value(multiply(spec.tick, ticks), multiply(spec.step, steps))
        cost = self._units.count(value)
        payer, payee = (seller, buyer) if self._valuation.inverse else (buyer, seller)
        self._pay(purses[payer], cost)
        purses[payee].free += cost
        for member, rate in ((buyer, buyer_rate), (seller, seller_rate)):
            fee = -(-cost * rate // (self.whole * self._money)) * self._money  # rounded up
            self._pay(purses[member], fee)
            self._fees += fee
        amount = steps * self._step
        self._net[buyer] += amount
        self._net[seller] -= amount
        self._traded.update((buyer, seller))

    @staticmethod
    def _pay(purse: Purse, amount: int) -> None:
        if purse.free < amount:
            purse.put_in(len(str(amount)) + 2)
        purse.free -= amount

    def write_money(self) -> None:
        for purse in self._purses:
            purse.write()
        spec, amounts = self._matching.spec, Units(self._matching.spec.step)
        if self._fees:
            change(self._matching.settlement.fees, spec.settle, self._units.value(self._fees))
        for member in sorted(self._traded):
            name = self.members[member].name
            self._nets[name] = add(self._nets.get(name, ZERO), amounts.value(self._net[member]))


def barter_of(matching: Matching, members: Sequence[Account], nets: dict[str, Decimal]) -> Barter:
    """`nets` are the members' net positions in a contract market."""
    if matching.spec.is_contract:
        return ContractBarter(matching, members, nets)
    return SpotBarter(matching, members)


def _finest(*numbers: Decimal) -> Decimal:
    """The number with the most digits after the point."""
    return min(numbers, key=lambda number: Units(number).unit)
