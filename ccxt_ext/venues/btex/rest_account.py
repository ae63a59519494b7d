"""BTEX over REST: the account's money and positions, and lists with pages."""

from collections.abc import Callable
from typing import Any

from ccxt.base.errors import ArgumentsRequired, NotSupported

from ccxt_ext.venue.answers import arrivals, reading, windows
from ccxt_ext.venue.answers.paging import Turning
from ccxt_ext.venues.btex import answers, contracts, kinds, positions, terms, wallets
from ccxt_ext.venues.btex.answers import SECONDS
from ccxt_ext.venues.btex.rest_markets import AsyncMarketCalls

# Rows of a page by default. No most is told, so that a longer page may be a full one.
SURE_PAGE = 20


class AsyncAccountCalls(AsyncMarketCalls):
    async def fetch_pages(
        self,
        name: str,
        endpoint: Any,
        parse: Callable[[Any, Any], Any],
        market: Any,
        keys: tuple[str, ...],
        ids: tuple[str, ...],
        wanted: Any,
        since: Any,
        limit: Any,
        params: Any,
    ) -> list[Any]:
        """A paged list's rows, oldest first, as far back as `since` and `limit` ask for.

        Only rows with a status that is `wanted`, and before `until`, are given and counted.
        """
        paginate, params = self.handle_option_and_params(params, name, "paginate", False)
        in_time, params = windows.handle_until(self, params, parse, market)
        request: dict[str, Any] = {}
        if market is None or market["spot"]:
            request["pair"] = "" if market is None else market["id"]
        else:
            request["contract_id"] = market["id"]
        one = "page" in params or not (paginate or since is not None or limit is not None or in_time)
        size = limit if one else self.options["pageSize"]
        if since is None and wanted is None and in_time is None and limit is not None:
            size = min(limit, size)
        size = self.safe_integer(params, "page_size", size)
        if size is not None:
            request["page_size"] = size
        found: dict[Any, Any] = {}
        page, moved, turning = 1, False, Turning()
        while True:
            if not one:
                request["page"] = page
            rows = await self.page_of(endpoint, self.extend(request, params), keys)
            met = sum(reading.identity(self, row, ids) in found for row in rows)
            # What comes in meanwhile moves rows to the next page, where they are met again; it is on page 1.
            moved = moved or bool(met)
            leads_on = turning.leads_on(met < len(rows))
            found.update((reading.identity(self, row, ids), row) for row in rows)
            if one or size is None or len(rows) < min(size, SURE_PAGE) or not leads_on:
                break
            if since is not None:
                if (
                    min(reading.moment_in(self, SECONDS, row, "end_time", "time", "ctime") for row in rows)
                    < since
                ):
                    break
            elif not paginate and len(self.chosen(found, wanted, in_time)) >= (limit or size):
                break
            page += 1
        page = 1
        while moved:
            rows = await self.page_of(endpoint, self.extend(request, {"page": page}, params), keys)
            new = {reading.identity(self, row, ids): row for row in rows}
            moved = bool(new) and found.keys().isdisjoint(new)
            found = {**{id: row for id, row in new.items() if id not in found}, **found}
            page += 1
        return self.chosen(found, wanted, in_time)[::-1]

    def chosen(self, found: Any, wanted: Any, in_time: Any) -> list[Any]:
        return [
            row
            for row in found.values()
            if (wanted is None or self.safe_string(row, "order_status") in wanted)
            and (in_time is None or in_time(row))
        ]

    async def page_of(self, endpoint: Any, request: Any, keys: tuple[str, ...]) -> list[dict[str, Any]]:
        data = answers.data(self, await endpoint(request))
        key = next((key for key in keys if key in reading.record(self, data)), keys[0]) if keys else None
        return reading.rows(self, data, key)

    # -- the account --------------------------------------------------------------------------------

    async def fetch_balance(self, params: Any = {}) -> Any:
        await self.load_markets()
        spot, params = kinds.is_spot(self, "fetchBalance", None, params)
        if spot:
            answer = await self.spot_private_post_getinfo(params)
            return wallets.parse_spot_balance(self, reading.record(self, answers.data(self, answer)), answer)
        answer = await self.contract_private_post_account_info(params)
        return wallets.parse_contract_balance(self, reading.record(self, answers.data(self, answer)), answer)

    async def fetch_positions(self, symbols: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        symbols = self.market_symbols(symbols)
        markets = [
            kinds.contracts_only(self, "fetchPositions", self.market(symbol)) for symbol in symbols or []
        ]
        request = {}
        if len(markets) == 1:
            request["contract_id"] = markets[0]["id"]
        elif self.options["positionsAllContractId"] is not None:
            request["contract_id"] = self.options["positionsAllContractId"]
        rows = await self.position_rows(self.extend(request, params))
        found = self.parse_positions(rows, symbols)
        crossed = [position for position in found if position["marginMode"] == "cross"]
        if not (crossed and self.options["crossedEquity"]):
            return found
        # One wallet is behind all of them, and what another one loses is not there for this one.
        all_rows = await self.position_rows(params) if request.get("contract_id") else rows
        wallet = reading.record(self, answers.data(self, await self.contract_private_post_account_info()))
        balances = reading.rows(self, wallet, "balances")
        return [
            positions.with_wallet(self, position, all_rows, balances)
            if position["marginMode"] == "cross"
            else position
            for position in found
        ]

    async def position_rows(self, request: Any) -> list[dict[str, Any]]:
        answer = await self.contract_private_post_active_positions(request)
        rows = reading.rows(self, answers.data(self, answer), "position_lists")
        await arrivals.know_markets(self, contracts.ids_of(self, rows))
        return rows

    async def position_row(self, market: Any) -> dict[str, Any]:
        """What the venue tells of the position that is open in a market; empty if there is none."""
        if not self.options["leverageOfPosition"]:
            return {}
        rows = await self.position_rows({"contract_id": market["id"]})
        found = (row for row in rows if contracts.market_of(self, row)["id"] == market["id"])
        return next((row for row in found if self.omit_zero(reading.number_text(self, row, "amount"))), {})

    async def fetch_positions_for_symbol(self, symbol: str, params: Any = {}) -> Any:
        return await self.fetch_positions([symbol], params)

    async def fetch_position(self, symbol: str, params: Any = {}) -> Any:
        """None where there is no position."""
        positions = await self.fetch_positions([symbol], params)
        return positions[0] if positions else None

    async def fetch_positions_history(
        self, symbols: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        """Those of the given markets that are closed, by the time at which they were opened."""
        await self.load_markets()
        name = "fetchPositionsHistory"
        if not symbols:
            raise ArgumentsRequired(f"{self.id} {name}() requires symbols")
        positions: list[Any] = []
        for symbol in symbols:
            market = kinds.contracts_only(self, name, self.market(symbol))
            endpoint = self.contract_private_post_mypositions
            rows = await self.fetch_pages(
                name,
                endpoint,
                self.parse_position,
                market,
                ("position_his",),
                ("position_id",),
                None,
                since,
                limit,
                params,
            )
            positions += self.parse_positions(rows)
        return self.filter_by_since_limit(self.sort_by(positions, "timestamp"), since, limit)

    async def fetch_position_history(
        self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await self.fetch_positions_history([symbol], since, limit, params)

    # -- leverage and margin mode, which go with each order -----------------------------------------

    async def set_leverage(self, leverage: Any, symbol: Any = None, params: Any = {}) -> Any:
        """Kept here, for the orders to come; nothing is sent."""
        await self.load_markets()
        market = kinds.contracts_only(self, "setLeverage", kinds.required_market(self, symbol, "setLeverage"))
        self.options["leverages"][market["symbol"]] = terms.checked_leverage(self, market, leverage)
        return self.parse_leverage({}, market)

    async def set_margin_mode(self, marginMode: str, symbol: Any = None, params: Any = {}) -> Any:
        """Kept here, for the orders to come; nothing is sent."""
        await self.load_markets()
        market = kinds.contracts_only(
            self, "setMarginMode", kinds.required_market(self, symbol, "setMarginMode")
        )
        self.options["marginModes"][market["symbol"]] = terms.checked_margin_mode(self, market, marginMode)
        return self.parse_margin_mode({}, market)

    async def fetch_leverage(self, symbol: str, params: Any = {}) -> Any:
        return (await self.terms("fetchLeverage", [symbol], self.parse_leverage))[self.symbol(symbol)]

    async def fetch_leverages(self, symbols: Any = None, params: Any = {}) -> Any:
        return await self.terms("fetchLeverages", symbols, self.parse_leverage)

    async def fetch_margin_mode(self, symbol: str, params: Any = {}) -> Any:
        return (await self.terms("fetchMarginMode", [symbol], self.parse_margin_mode))[self.symbol(symbol)]

    async def fetch_margin_modes(self, symbols: Any = None, params: Any = {}) -> Any:
        return await self.terms("fetchMarginModes", symbols, self.parse_margin_mode)

    async def fetch_position_mode(self, symbol: Any = None, params: Any = {}) -> Any:
        """One position a market (C17); nothing is sent."""
        await self.load_markets()
        if symbol is not None:
            kinds.contracts_only(self, "fetchPositionMode", self.market(symbol))
        return {"info": {}, "hedged": False}

    async def set_position_mode(self, hedged: bool, symbol: Any = None, params: Any = {}) -> Any:
        if hedged:
            raise NotSupported(f"{self.id} setPositionMode() has one position a market: none are hedged")
        return await self.fetch_position_mode(symbol, params)

    async def terms(self, name: str, symbols: Any, parse: Any) -> dict[str, Any]:
        """What orders to come would have: what was set, or else what open positions have."""
        await self.load_markets()
        if symbols is None:
            symbols = [market["symbol"] for market in self.markets.values() if market["contract"]]
        markets = [kinds.contracts_only(self, name, self.market(symbol)) for symbol in symbols]
        unknown = [market for market in markets if not terms.are_set(self, market["symbol"])]
        rows: list[dict[str, Any]] = []
        if len(unknown) == 1:
            rows = [await self.position_row(unknown[0])]
        elif unknown and self.options["leverageOfPosition"]:
            rows = await self.position_rows({})
        by_id = {contracts.market_of(self, row)["id"]: row for row in rows if row}
        return {market["symbol"]: parse(by_id.get(market["id"], {}), market) for market in markets}
