# Generated from rest_money.py by scripts/generate.py. Do not edit.
"""bitexbit's money over REST: balances, fees, addresses, what comes and what goes."""

from collections.abc import Callable
from typing import Any

from ccxt.base.errors import ArgumentsRequired, BadRequest, OperationFailed

from ccxt_ext.venue.answers import reading, windows
from ccxt_ext.venue.answers.paging import KeepsChanging, NumberedPages
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venues.bitexbit import addresses, fees, fields, payments, requests, transactions
from ccxt_ext.venues.bitexbit.bodies import NumberText
from ccxt_ext.venues.bitexbit.rest_trades_sync import SyncTradeCalls

# Networks of which the documents show wallets.
CHAINS = ("bitcoin", "ethereum", "tron")

# What tells a row from others, and does not change.
WALLET = ("slug", "address")
TRANSFER = ("txid",)
DEPOSIT = ("txid", "wallet_slug", "address", "created_at", "amount")
WITHDRAWAL = ("id", "client_order_id", "created_at")


class SyncMoneyCalls(SyncTradeCalls):
    # -- money --------------------------------------------------------------------------------------

    def fetch_balance(self, params: Any = {}) -> Any:
        self.load_markets()
        api, params = requests.chosen(self, "fetchBalance", params)
        endpoint = self.v2_private_get_balance if api == "v2" else self.v1_private_get_wallets
        return self.parse_balance(endpoint(params))

    def fetch_trading_fees(self, params: Any = {}) -> Any:
        self.load_markets()
        return fees.of_trading(self, self.v2_private_get_trading_fees(params))

    def fetch_trading_fee(self, symbol: str, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        fees = self.fetch_trading_fees(params)
        return reading.record(self, fees)[market["symbol"]]

    def fetch_deposits(self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        v1, gateway = self.v1_private_get_deposits, self.gateway_get_wallet_history
        return self.fetch_movements("fetchDeposits", v1, gateway, code, since, limit, params)

    def fetch_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        v1, gateway = self.v1_private_get_withdraws, self.gateway_get_withdraw_history
        return self.fetch_movements("fetchWithdrawals", v1, gateway, code, since, limit, params)

    def fetch_deposits_withdrawals(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        deposits = self.fetch_deposits(code, since, None, params)
        withdrawals = self.fetch_withdrawals(code, since, None, params)
        both = self.sort_by(self.array_concat(deposits, withdrawals), "timestamp")
        return self.filter_by_since_limit(both, since, limit)

    def fetch_movements(
        self, name: str, v1: Any, gateway: Any, code: Any, since: Any, limit: Any, params: Any
    ) -> Any:
        self.load_markets()
        api, params = requests.chosen(self, name, params)
        currency = None if code is None else self.currency(code)
        in_time, params = windows.handle_until(self, params, self.parse_transaction, currency)
        if api == "gateway":
            request = {} if currency is None else {"ticker": currency["id"]}
            ids = DEPOSIT if name == "fetchDeposits" else WITHDRAWAL
            rows = self.fetch_all_pages(gateway, self.extend(request, params), ids)
        else:
            request = {}
            # Only withdrawals have the filter, by a code or a number that is not documented.
            if currency is not None and name == "fetchWithdrawals" and self.options["v1SendCurrencyFilter"]:
                request["currency_id"] = currency["id"]
            rows = reading.rows(self, v1(self.extend(request, params)))
        return self.parse_transactions(windows.only(self, in_time, rows), currency, since, limit)

    def fetch_all_pages(
        self, endpoint: Callable[..., Any], request: Any, ids: tuple[str, ...]
    ) -> list[dict[str, Any]]:
        """The rows of page objects, told apart by these of their fields; a caller who names a page gets that
        one."""
        if "page" in request:
            return reading.rows(self, reading.record(self, endpoint(request)), "results")
        pages = NumberedPages[dict[str, Any]](lambda row: tuple(str(row.get(id)) for id in ids))
        while not pages.is_done:
            wanted = {"page": pages.number} if pages.number > 1 else {}
            answer = reading.record(self, endpoint(self.extend(request, wanted)))
            try:
                pages.take(
                    reading.rows(self, answer, "results"),
                    reading.whole(self, answer, "count"),
                    not answer.get("next"),
                )
            except KeepsChanging:
                raise OperationFailed(f"{self.id} a list kept changing while it was read") from None
        return pages.rows

    def fetch_deposit_addresses(self, codes: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        wallets = self.fetch_all_pages(self.gateway_get_wallets, params, WALLET)
        return self.parse_deposit_addresses(wallets, codes, False)

    def fetch_deposit_address(self, code: str, params: Any = {}) -> Any:
        self.load_markets()
        network = self.safe_string(params, "network")
        wallets = self.fetch_all_pages(self.gateway_get_wallets, self.omit(params, "network"), WALLET)
        return addresses.of_currency(self, wallets, code, network)[0]

    def fetch_deposit_addresses_by_network(self, code: str, params: Any = {}) -> Any:
        self.load_markets()
        wallets = self.fetch_all_pages(self.gateway_get_wallets, params, WALLET)
        # Newest last, so that the first of a network stays.
        return self.index_by(addresses.of_currency(self, wallets, code, None)[::-1], "network")

    def create_deposit_address(self, code: str, params: Any = {}) -> Any:
        self.load_markets()
        method = self.way(code, "is_deposit_enabled", params, "createDepositAddress")
        request = {"ticker": method["ticker"], "network": method["network"]}
        answer = self.gateway_post_wallet_create(self.extend(request, self.omit(params, "network")))
        return outcomes.placed(self, transactions.of_one, self, self.parse_deposit_address, answer, code)

    def withdraw(self, code: str, amount: Any, address: str, tag: Any = None, params: Any = {}) -> Any:
        tag, params = payments.told_tag(self, tag, params)
        self.load_markets()
        self.check_address(address)
        method = self.way(code, "is_withdraw_enabled", params, "withdraw")
        request = payments.withdrawal_request(self, code, amount, address, tag, method, params)
        answer = self.gateway_post_withdraw_create(request)
        id = request["client_order_id"]
        return outcomes.placed(
            self, transactions.of_one, self, self.parse_transaction, answer, code, client_id=id
        )

    def way(self, code: str, flag: str, params: Any, name: str) -> Any:
        """The network by which `code` is to be moved: as told, or the only one that the gateway has."""
        network = self.safe_string(params, "network")
        if network is not None:
            currency = self.currency(code)
            known = {"ticker": currency["id"], "network": self.network_code_to_id(network, code)}
            is_told = currency.get("type") is not None or known["network"] in CHAINS
            if name != "withdraw" or is_told:
                return known
            # Whether the address is that of a wallet or of a card, the gateway alone tells.
            rows = reading.rows(self, self.gateway_get_payment_methods())
            return next((row for row in rows if row.get("ticker") == currency["id"]), {}) | known
        return payments.only_method(
            self, reading.rows(self, self.gateway_get_payment_methods()), code, flag, name
        )

    def fetch_deposit_withdraw_fees(self, codes: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        return fees.of_methods(self, reading.rows(self, self.gateway_get_payment_methods(params)), codes)

    def fetch_deposit_withdraw_fee(self, code: str, params: Any = {}) -> Any:
        fees = self.fetch_deposit_withdraw_fees([code], params)
        if code not in fees:
            raise BadRequest(f"{self.id} tells no fees for {code}")
        return fees[code]

    def transfer(self, code: str, amount: Any, fromAccount: Any, toAccount: str, params: Any = {}) -> Any:
        """To another user of the venue, whose uid `toAccount` is."""
        self.load_markets()
        if not toAccount:
            raise ArgumentsRequired(f"{self.id} transfer() requires the receiver's uid as toAccount")
        request = {
            "receiver": toAccount,
            "currency": self.currency(code)["id"],
            "amount": NumberText(payments.positive_amount(self, code, amount, "transfer")),
        }
        answer = self.v2_private_post_transfers_create(self.extend(request, params))
        return outcomes.placed(self, transactions.of_one, self, self.parse_transfer, answer, code)

    def fetch_transfers(
        self, code: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        currency = None if code is None else self.currency(code)
        in_time, params = windows.handle_until(self, params, self.parse_transfer, currency)
        request = {} if currency is None else {"currency": currency["id"]}
        rows = self.fetch_all_pages(self.v2_private_get_transfers, self.extend(request, params), TRANSFER)
        for row in rows:
            fields.iso_time(self, row, "date")  # by which they are sorted
        return self.parse_transfers(windows.only(self, in_time, rows), currency, since, limit)
