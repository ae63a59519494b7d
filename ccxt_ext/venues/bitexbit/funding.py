"""bitexbit's answers about money that comes, goes and costs, as ccxt's structures."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse, InvalidAddress
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitexbit.parsing import Parsing

DEPOSIT_STATUSES = {"1": "pending", "5": "ok", "6": "failed"}
TRANSFER_STATUSES = {"10": "pending", "20": "canceled", "30": "ok"}
TAG_FIELDS = ("memo", "payment_id", "destination_tag")


class Funding(Parsing):
    def parse_one(self, parse: Callable[..., Any], answer: Any, code: str) -> Any:
        return parse(reading.record(self, answer), self.currency(code))

    # -- deposits and withdrawals -------------------------------------------------------------------

    def parse_transaction(self, transaction: Any, currency: Any = None) -> Any:
        if "ticker" not in transaction:
            return self.parse_v1_transaction(transaction, currency)
        outgoing = "fee_payer" in transaction or "client_order_id" in transaction
        parse = self.parse_withdrawal if outgoing else self.parse_deposit
        return parse(transaction, currency)

    def parse_v1_transaction(self, row: Mapping[str, Any], currency: Any) -> Any:
        """Of v1, only withdrawals have a status; a deposit is listed once it has arrived."""
        outgoing = "status" in row
        return self.transaction(
            row,
            {
                "id": reading.required(self, row, "id"),
                "type": "withdrawal" if outgoing else "deposit",
                "currency": self.safe_currency_code(reading.required(self, row, "currency"), currency),
                "status": self.withdrawal_status(row) if outgoing else "ok",
            },
            self.time_of(row, "timestamp"),
        )

    def parse_deposit(self, row: Mapping[str, Any], currency: Any) -> Any:
        code = self.safe_currency_code(reading.required(self, row, "ticker"), currency)
        fee = reading.number_text(self, row, "fee")
        address = self.safe_string(row, "address")
        return self.transaction(
            row,
            {
                "id": self.safe_string(row, "txid"),
                "txid": self.safe_string(row, "txid"),
                "type": "deposit",
                "currency": code,
                "network": self.network_id_to_code(self.safe_string(row, "network")),
                "address": address,
                "addressTo": address,
                "tag": self.tag_of(row),
                "tagTo": self.tag_of(row),
                "status": DEPOSIT_STATUSES.get(self.safe_string(row, "status", ""), "pending"),
                "fee": None if fee is None else {"cost": self.parse_number(fee), "currency": code},
            },
            self.iso_time(row, "date" if "date" in row else "created_at"),
        )

    def parse_withdrawal(self, row: Mapping[str, Any], currency: Any) -> Any:
        address = self.safe_string_2(row, "address", "card")
        return self.transaction(
            row,
            {
                "id": reading.required(self, row, "id"),
                "txid": self.safe_string(row, "txid"),
                "type": "withdrawal",
                "currency": self.safe_currency_code(reading.required(self, row, "ticker"), currency),
                "network": self.network_id_to_code(self.safe_string(row, "network")),
                "address": address,
                "addressTo": address,
                "tag": self.tag_of(row),
                "tagTo": self.tag_of(row),
                "status": self.withdrawal_status(row),
                "comment": self.safe_string(row, "comment"),
            },
            self.iso_time(row, "created_at"),
        )

    def withdrawal_status(self, row: Mapping[str, Any]) -> str:
        return self.options["withdrawStatuses"].get(self.safe_string(row, "status"), "pending")

    def transaction(self, row: Mapping[str, Any], known: Mapping[str, Any], timestamp: int | None) -> Any:
        unknown = dict.fromkeys(
            ("txid", "network", "address", "addressFrom", "addressTo", "tag", "tagFrom", "tagTo", "comment")
        )
        return {
            "info": row,
            **unknown,
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
            "updated": None,
            "amount": self.number_of(row, "amount"),
            "internal": None,
            "fee": None,
            **known,
        }

    def tag_of(self, row: Mapping[str, Any]) -> str | None:
        return next((row[name] for name in TAG_FIELDS if isinstance(row.get(name), str) and row[name]), None)

    # -- addresses ----------------------------------------------------------------------------------

    def parse_deposit_address(self, depositAddress: Any, currency: Any = None) -> Any:
        code = self.safe_currency_code(reading.required(self, depositAddress, "ticker"), currency)
        return {
            "info": depositAddress,
            "currency": code,
            "network": self.network_id_to_code(reading.required(self, depositAddress, "network")),
            "address": reading.required(self, depositAddress, "address"),
            "tag": self.tag_of(depositAddress),
        }

    def addresses_of(self, wallets: Sequence[Any], code: str, network: str | None) -> list[Any]:
        """The addresses of one currency, if there are any: the first of each network first."""
        ticker = self.currency(code)["id"]
        wanted = self.network_code_to_id(network, code)
        fitting = [w for w in wallets if w.get("ticker") == ticker and wanted in (None, w.get("network"))]
        if not fitting:
            where = "" if network is None else f" on {network}"
            raise InvalidAddress(f"{self.id} has no address for {code}{where}: call createDepositAddress()")
        return [self.parse_deposit_address(wallet) for wallet in fitting]

    # -- fees ---------------------------------------------------------------------------------------

    def parse_methods(self, methods: Sequence[Mapping[str, Any]], codes: Any) -> dict[str, Any]:
        """Deposit and withdrawal fees by currency, from the gateway's list of tickers and networks."""
        by_ticker: dict[str, list[Any]] = {}
        for method in methods:
            by_ticker.setdefault(reading.required(self, method, "ticker"), []).append(method)
        fees = {}
        for ticker, rows in by_ticker.items():
            code = self.safe_currency_code(ticker)
            if codes is None or code in codes:
                fee = self.deposit_withdraw_fee(rows)
                for row in rows:
                    network = self.network_id_to_code(reading.required(self, row, "network"))
                    fee["networks"][network] = {
                        way: self.parse_method_fee(row, way) for way in ("withdraw", "deposit")
                    }
                fees[code] = self.assign_default_deposit_withdraw_fees(fee, {"code": code})
        return fees

    def parse_method_fee(self, method: Mapping[str, Any], way: str) -> dict[str, Any]:
        """The fixed fee, or the rate where there is none. Where both are charged, both are told, though
        ccxt's structure has no place for the second."""
        fixed = reading.number_text(self, method, f"{way}_fee_amount")
        rate = reading.number_text(self, method, f"{way}_fee_rate")
        has_fixed, has_rate = (self.omit_zero(part) is not None for part in (fixed, rate))
        only_rate = has_rate and not has_fixed
        told = {"fee": self.parse_number(rate if only_rate else fixed), "percentage": only_rate}
        return {**told, "rate": self.parse_number(rate)} if has_fixed and has_rate else told

    def parse_fee_rates(self, answer: Any) -> dict[str, Any]:
        """The venue's rates are by side in the sample, by taker and maker in the text beside it."""
        rates = reading.record(self, answer)
        pairs = reading.rows(self, rates, "pair_fee_rates") if rates.get("pair_fee_rates") else []
        special = {reading.required(self, row, "symbol"): row for row in pairs}
        fees = {}
        for symbol in self.symbols:
            row = special.get(self.market(symbol)["id"], rates)
            taker, maker = self.fee_rates(row)
            fees[symbol] = {
                "info": row,
                "symbol": symbol,
                "maker": self.parse_number(maker),
                "taker": self.parse_number(taker),
                "percentage": True,
                "tierBased": False,
            }
        return fees

    def fee_rates(self, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """Taker's and maker's rate."""
        if "taker_fee_rate" in row or "maker_fee_rate" in row:
            return reading.number_text(self, row, "taker_fee_rate"), reading.number_text(
                self, row, "maker_fee_rate"
            )
        sell, buy = (
            reading.number_text(self, row, "sell_fee_rate"),
            reading.number_text(self, row, "buy_fee_rate"),
        )
        if sell is None and buy is None:
            raise BadResponse(f"{self.id} expected rates of fees in {reading.excerpt(self, row)}")
        if self.options["tradingFeeMode"] == "sellTaker" or sell is None or buy is None:
            return sell, buy
        highest = Precise.string_max(sell, buy)
        return highest, highest

    # -- transfers ----------------------------------------------------------------------------------

    def parse_transfer(self, transfer: Any, currency: Any = None) -> Any:
        """To another user. The answer to a new one names things otherwise than the list."""
        code = transfer.get("currency")
        receiver = transfer.get("receiver")
        status = self.safe_dict(transfer, "status", {})
        timestamp = self.iso_time(transfer, "date") if "date" in transfer else None
        id = (
            reading.required(self, code, "code")
            if isinstance(code, dict)
            else reading.required(self, transfer, "currency")
        )
        to = self.safe_string(receiver, "uid") if isinstance(receiver, dict) else None
        return {
            "info": transfer,
            "id": reading.required(self, transfer, "txid"),
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
            "currency": self.safe_currency_code(id, currency),
            "amount": self.number_of(transfer, "amount"),
            "fromAccount": self.safe_string(transfer, "sender"),
            "toAccount": to if isinstance(receiver, dict) else self.safe_string(transfer, "receiver"),
            "status": TRANSFER_STATUSES.get(self.safe_string(status, "key", "")),
        }
