"""Which column of BitexAsia's rows is what, for parsing many of them at once, if they are as assumed."""

from typing import Any

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import balances, order_books
from ccxt_ext.venue.fast.balances import Balances
from ccxt_ext.venue.fast.columns import amount, cells
from ccxt_ext.venue.fast.guards import attempt
from ccxt_ext.venue.fast.order_books import first_levels
from ccxt_ext.venue.venue import Venue
from ccxt_ext.venues.bitexasia.protocol import ACCOUNTS


class Columns(Venue):
    def parse_book(self, answer: Any, symbol: str, limit: int | None) -> Any:
        made = attempt(self.fast_book, answer, symbol)
        return super().parse_book(answer, symbol, limit) if made is None else first_levels(made, limit)

    def fast_book(self, answer: Any, symbol: str) -> Any:
        book = self.unwrap(answer)
        places = ("bids", "asks", 0, 1, None)
        made = order_books.fast_order_book(self, book, symbol, self.when(book, "timestamp"), *places)
        return made and {**made, "nonce": reading.whole(self, book, self.named(book, "sequence"))}

    def parse_balance(self, response: Any, wanted: str | None = None) -> Any:
        made = attempt(self.fast_account, response, wanted or self.options["fetchBalance"]["type"])
        return super().parse_balance(response, wanted) if made is None else made

    def fast_account(self, response: Any, wanted: str) -> Any:
        rows = self.unwrap(response)["balances"]
        accounts = cells(rows, self.first_name("account"))
        if wanted not in ACCOUNTS or not set(accounts) <= {*ACCOUNTS}:
            return None
        rows = [row for row, account in zip(rows, accounts, strict=True) if account == wanted]
        names = {"free": "available", "used": "locked", "total": "total"}
        amounts = {name: amount(self.first_name(field)) for name, field in names.items()}
        table = Balances(self.first_name("asset"), amounts)
        parse = super().parse_balance
        return balances.fast_balance(
            self,
            lambda rows: table,
            rows,
            lambda rows: {**parse({"balances": rows}, wanted), "info": response},
        )

    def first_name(self, field: str) -> str:
        """Of the names that a field may have, the one that goes before all others."""
        return str([*self.options["aliases"].get(field, ()), field][0])
