"""BitMax Futures Pro v2 over REST."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse, BaseError, NotSupported, OrderNotFound

from ccxt_ext.venue.answers import reading, windows
from ccxt_ext.venue.answers.paging import Part, without_gap
from ccxt_ext.venue.keys import waiting
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venues.bitmaxfutures.accounts import Account
from ccxt_ext.venues.bitmaxfutures.columns import Columns
from ccxt_ext.venues.bitmaxfutures.edits import Edit
from ccxt_ext.venues.bitmaxfutures.rest_account import AsyncAccountCalls
from ccxt_ext.venues.bitmaxfutures.sending import NAMING_PARAMS

LONGEST_HISTORY_PAGE = 1000


class bitmaxfutures(Columns, AsyncAccountCalls):
    # -- the account --------------------------------------------------------------------------------

    async def request(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        *args: Any,
        config: dict[str, Any] = {},
    ) -> Any:
        access = section(api).partition(".")[2]
        if access == "public":
            return await super().request(path, api, method, params, *args, config=config)
        self.check_required_credentials()
        if access == "group":
            await self.load_account()
        if "clientId" not in config:
            return await super().request(path, api, method, params, *args, config=config)
        with self.placing([str(order["id"]) for order in self.orders_in(params)]):
            return await super().request(path, api, method, params, *args, config=config)

    async def load_account(self) -> Account:
        """The account's group, which is a part of most paths: asked for once."""
        told = self.told_account()
        if told is not None:
            return told
        self.check_required_credentials()
        state = self.account_state()
        return await waiting.fetched_once(self, state.line, lambda: state.account, self.ask_for_account)

    async def ask_for_account(self) -> Account:
        return self.account_state().know(self.parse_account_info(await self.v2_private_get_account_info()))

    async def fetch_accounts(self, params: Any = {}) -> Any:
        return self.parse_account_list(await self.v2_private_get_account_info(params))

    # -- orders -------------------------------------------------------------------------------------

    async def create_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        looks, params = self.handle_option_and_params(params, "createOrder", "lookUp")
        request = await self.request_for_order(symbol, type, side, amount, price, params)
        answer = await self.v2_group_post_futures_order(request)
        market = self.market(symbol)
        order = outcomes.placed(
            self, self.parse_new_order, answer, request, market, client_id=str(request["id"])
        )
        return (await self.looked_up([order], looks))[0]

    async def create_orders(self, orders: Any, params: Any = {}) -> Any:
        """All or none of them: the venue takes a batch as a whole."""
        await self.load_markets()
        looks, params = self.handle_option_and_params(params, "createOrders", "lookUp")
        may_trigger, params = self.handle_option_and_params(params, "createOrder", "immediateTrigger")
        request = self.batch_request(orders, params)
        await self.check_triggers([] if may_trigger else request["orders"])
        answer = await self.v2_group_post_futures_order_batch(request)
        ids = [str(order["id"]) for order in request["orders"]]
        placed = outcomes.placed(self, self.parse_batch, answer, request["orders"], client_id=ids)
        return await self.looked_up(placed, looks)

    async def request_for_order(
        self, symbol: str, type: Any, side: Any, amount: Any, price: Any, params: Any
    ) -> dict[str, Any]:
        may_trigger, params = self.handle_option_and_params(params, "createOrder", "immediateTrigger")
        request = self.order_request(symbol, type, side, amount, price, params)
        await self.check_triggers([] if may_trigger else [request])
        return request

    async def check_triggers(self, requests: Sequence[Mapping[str, Any]]) -> None:
        """Refuse what would be triggered at once, by the prices of now."""
        prices: dict[tuple[str, str], str | None] = {}
        for request in requests:
            if "stopPrice" not in request:
                continue
            asked = self.trigger_source_of(request), str(request["symbol"])
            if asked not in prices:
                prices[asked] = await self.price_now(*asked)
            self.check_trigger(request, prices[asked])

    async def price_now(self, source: str, id: str) -> str | None:
        """A price of a contract, if it has one."""
        if source == "close":
            data = await self.ticker_data({"symbol": id})
            rows = data if isinstance(data, list) else [data]
        else:
            rows = self.contract_prices(await self.v2_public_get_futures_pricing_data())
        row = next((row for row in reading.rows(self, rows) if row.get("symbol") == id), {})
        return self.known_price(row, source)

    async def looked_up(self, orders: list[Any], wanted: Any) -> list[Any]:
        """With what became of orders of which the answer did not tell; as they are, if that is not known."""
        ids = self.to_look_up(orders, wanted)
        if not ids:
            return orders
        try:
            found = {order["id"]: order for order in self.parse_orders(await self.status_rows(ids, {}))}
        except BaseError as error:  # they are placed, whatever comes of this
            if self.verbose:
                self.log(f"what became of {', '.join(ids)} is not known: {error}")
            return orders
        return [self.with_looked_up(order, found.get(order["id"])) for order in orders]

    async def create_stop_loss_order(
        self,
        symbol: str,
        type: Any,
        side: Any,
        amount: Any,
        price: Any = None,
        stopLossPrice: Any = None,
        params: Any = {},
    ) -> Any:
        """A stop order of its own, which can only close a position."""
        request = self.stop_loss_params(stopLossPrice, params)
        return await self.create_order(symbol, type, side, amount, price, request)

    async def edit_order(
        self,
        id: str,
        symbol: str,
        type: Any,
        side: Any,
        amount: Any = None,
        price: Any = None,
        params: Any = {},
    ) -> Any:
        """Cancel, then place what is left, unless the new order is known to be wrong."""
        old, edit = await self.to_edit(id, symbol, type, side, amount, price, params)
        gone = await self.to_be_replaced(old, self.cancel_order)
        if gone["status"] not in ("canceled", "closed") or gone["filled"] is None:
            gone = await self.end_of(old)
        return await self.replaced(gone, edit, self.create_order)

    async def to_edit(
        self, id: Any, symbol: str, type: Any, side: Any, amount: Any, price: Any, params: Any
    ) -> tuple[Any, Edit]:
        """The order as it is, and what is to take its place."""
        await self.load_markets()
        old = await self.fetch_order(id, symbol)
        may_trigger, rest = self.handle_option_and_params(params, "createOrder", "immediateTrigger")
        _, rest = self.handle_option_and_params(rest, "createOrder", "lookUp")
        request = self.check_edit(self.edit_of(old, type, side, amount, price, rest), old)
        await self.check_triggers([] if may_trigger else [request])
        return old, self.edit_of(old, type, side, amount, price, params)

    async def to_be_replaced(self, old: Any, cancel: Any) -> Any:
        """What the answer to its cancel says."""
        try:
            return await cancel(old["id"], old["symbol"])
        except BaseError as error:
            raise self.told_with_nothing_placed(error) from error

    async def end_of(self, old: Any) -> Any:
        """The order to be replaced, once its cancel was taken."""
        try:
            return await self.fetch_order(old["id"], old["symbol"])
        except BaseError as error:
            raise self.told_while_canceling(error, old) from error

    async def replaced(self, old: Any, edit: Edit, create: Any) -> Any:
        """The new order, once the old one is gone."""
        self.check_gone(old)
        try:
            left = self.left_of(edit, old)
            return await create(edit.symbol, edit.type, edit.side, left, edit.price, edit.params)
        except BaseError as error:
            raise self.told_with_canceled(error, old) from error

    async def cancel_order(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        if "clientOrderId" in params:
            await self.load_account()
        request = self.cancel_request(id, symbol, params)
        answer = await self.v2_group_delete_futures_order(request)
        return outcomes.canceled(
            self,
            self.parse_cancel,
            answer,
            self.market(symbol),
            client_id=request.get("id"),
            order_id=request["orderId"],
        )

    async def cancel_order_with_client_order_id(
        self, clientOrderId: str, symbol: Any = None, params: Any = {}
    ) -> Any:
        return await self.cancel_order("", symbol, self.extend(params, {"clientOrderId": clientOrderId}))

    async def cancel_orders(self, ids: Any, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        self.check_batch(ids, "cancelOrders")
        orders = [self.cancel_item(id, symbol) for id in ids]
        request = self.extend({"orders": orders}, params)
        answer = await self.v2_group_delete_futures_order_batch(request)
        ids = [order["orderId"] for order in orders]
        return outcomes.canceled(self, self.parse_canceled_batch, answer, self.market(symbol), order_id=ids)

    async def cancel_all_orders(self, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        request = {} if market is None else {"symbol": market["id"]}
        answer = await self.v2_group_delete_futures_order_all(self.extend(request, params))
        outcomes.canceled(self, self.done, answer)
        return [self.safe_order({"symbol": self.safe_string(market, "symbol"), "info": answer}, market)]

    async def fetch_order(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        found = await self.one_row(id, params)
        order = self.parse_order(found[0], market)
        client_id = self.safe_string(params, "clientOrderId")
        return order if client_id is None or self.is_given(id) else {**order, "clientOrderId": client_id}

    async def fetch_order_with_client_order_id(
        self, clientOrderId: str, symbol: Any = None, params: Any = {}
    ) -> Any:
        return await self.fetch_order("", symbol, self.extend(params, {"clientOrderId": clientOrderId}))

    async def one_row(self, id: Any, params: Any) -> list[dict[str, Any]]:
        """The order of this id, in a list."""
        if "clientOrderId" in params:
            await self.load_account()
        id = self.given_id(id, params)
        found = await self.status_rows([id], self.omit(params, list(NAMING_PARAMS)))
        if not found:
            raise OrderNotFound(f"{self.id} does not know the order {id}")
        return found

    async def status_rows(self, ids: Sequence[str], params: Any) -> list[dict[str, Any]]:
        """The orders of these ids that the venue knows."""
        # The comma at the end asks for a list, however many there are.
        request = {"orderId": ",".join(ids) + ","}
        answer = reading.record(
            self, await self.v2_group_get_futures_order_status(self.extend(request, params))
        )
        if answer.get("data") in (None, {}, []):
            self.done(answer)
            return []
        data = self.data_of(answer)
        return await self.listed(reading.rows(self, [data] if isinstance(data, dict) else data))

    async def fetch_order_trades(
        self, id: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = windows.handle_until(self, params, self.parse_told, market)
        found = windows.only(self, in_time, self.fills_of(await self.one_row(id, params), market))
        return self.filter_by_symbol_since_limit(found, self.safe_string(market, "symbol"), since, limit)

    async def fetch_open_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, params = windows.handle_until(self, params, self.parse_order, market)
        rows = windows.only(self, in_time, await self.open_rows(market, params))
        return self.parse_orders(rows, market, since, limit)

    async def open_rows(self, market: Any, params: Any) -> list[dict[str, Any]]:
        request = {} if market is None else {"symbol": market["id"]}
        posts = self.options["openOrdersMethod"] == "POST"
        endpoint = self.v2_group_post_futures_order_open if posts else self.v2_group_get_futures_order_open
        return await self.listed(
            reading.rows(self, self.data_of(await endpoint(self.extend(request, params))))
        )

    async def history_rows(self) -> list[dict[str, Any]]:
        """The latest orders that have ended."""
        return (await self.history(None, None, None, {})).rows

    async def history(
        self,
        market: Any,
        since: Any,
        limit: Any,
        params: Any,
        wanted: Callable[[dict[str, Any]], bool] | None = None,
        executed: bool = False,
    ) -> Part[dict[str, Any]]:
        """The orders that have ended, as far as the venue remembers them; of a long history as many as it
        takes to have `limit` that are wanted, from `since` on or the newest."""
        request = {} if market is None else {"symbol": market["id"]}
        paginate, params = self.handle_option_and_params(params, "fetchClosedOrders", "paginate", False)
        if self.options["orderHistory"] == "hist":
            request.update({"account": "futures", "limit": LONGEST_HISTORY_PAGE})
            until, params = self.safe_integer(params, "until"), self.omit(params, "until")
            request = self.extend(request, params)
            count = 0

            def is_enough(rows: list[dict[str, Any]]) -> bool:
                nonlocal count
                count += len(windows.only(self, wanted, rows))
                return not paginate and limit is not None and count >= limit

            if since is None:
                everything = paginate or limit is not None
                found = await self.newest_history(request, until, is_enough if everything else None)
            else:
                found = Part(await self.history_from(request, since, until, is_enough))
        else:
            if paginate:
                raise NotSupported(
                    f"{self.id} has no pages of orders, but with options['orderHistory'] = 'hist'"
                )
            request["n"] = self.options["orderHistoryCount"]
            if executed:
                request["executedOnly"] = True
            request = self.extend(request, self.omit(params, "until"))
            rows = await self.history_page(self.v2_group_get_futures_order_hist_current, request)
            found = Part(rows, len(rows) < request["n"])
        await self.listed(found.rows)
        return found

    async def history_page(self, endpoint: Any, request: Any) -> list[dict[str, Any]]:
        return reading.rows(self, self.data_of(await endpoint(request)))

    async def history_from(
        self, request: Any, since: int, until: int | None, is_enough: Callable[[list[Any]], bool]
    ) -> list[dict[str, Any]]:
        """The oldest first from a moment on, which the venue numbers."""
        if until is not None:
            request = {**request, "endTime": until}
        rows: list[dict[str, Any]] = []
        begin, number = {"startTime": since}, -1
        while True:
            page = await self.history_page(self.v2_group_get_order_hist, {**request, **begin})
            numbers = [int(reading.required(self, row, "seqNum")) for row in page]
            if numbers and max(numbers) <= number:
                raise BadResponse(f"{self.id} does not read its history on from seqNum {number + 1}")
            rows += page
            if len(page) < request["limit"] or is_enough(page):
                return rows
            number = max(numbers)
            begin = {"seqNum": number + 1}

    async def newest_history(
        self, request: Any, until: int | None, is_enough: Callable[[list[Any]], bool] | None
    ) -> Part[dict[str, Any]]:
        """The newest, to which no number leads back: the page before ends where this one begins. One page,
        unless it is told what is enough."""
        found: dict[str, dict[str, Any]] = {}
        while True:
            ending = request if until is None else {**request, "endTime": until}
            page = await self.history_page(self.v2_group_get_order_hist, ending)
            new = {id: row for row in page if (id := reading.required(self, row, "orderId")) not in found}
            found.update(new)
            is_whole = len(page) < request["limit"]
            if is_whole or is_enough is None or is_enough(list(new.values())):
                return Part(list(found.values()), is_whole)
            oldest = min(map(self.begun, page))
            if until is not None and oldest >= until:
                if oldest > until:
                    raise BadResponse(
                        f"{self.id} lists orders of {oldest} when asked for those until {until}"
                    )
                # More in one moment than a page has.
                for row in await self.history_from(request, until, until, lambda rows: False):
                    found[reading.required(self, row, "orderId")] = row
                oldest -= 1
            until = oldest

    def begun(self, row: Mapping[str, Any]) -> int:
        return reading.moment(self, row, "time", "createTime", "sendingTime")

    async def fetch_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await self.fetch_ended(("closed",), symbol, since, limit, params)

    async def fetch_canceled_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await self.fetch_ended(("canceled", "rejected"), symbol, since, limit, params)

    async def fetch_canceled_and_closed_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        return await self.fetch_ended(("closed", "canceled", "rejected"), symbol, since, limit, params)

    async def fetch_ended(
        self, statuses: tuple[str, ...], symbol: Any, since: Any, limit: Any, params: Any
    ) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, _ = windows.handle_until(self, params, self.parse_order, market)

        def wanted(row: dict[str, Any]) -> bool:
            return self.status_of(row) in statuses and (in_time is None or in_time(row))

        ended = await self.history(market, since, limit, params, wanted)
        return self.parse_orders(list(filter(wanted, ended.rows)), market, since, limit)

    async def fetch_orders(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, _ = windows.handle_until(self, params, self.parse_order, market)
        ids = self.safe_list(params, "ids")
        if ids is not None:
            rows = await self.status_rows(ids, self.omit(params, "ids"))
        else:
            rows = await self.open_and_ended(market, since, limit, params, in_time)
        return self.parse_orders(windows.only(self, in_time, rows), market, since, limit)

    async def open_and_ended(
        self,
        market: Any,
        since: Any,
        limit: Any,
        params: Any,
        wanted: Callable[[dict[str, Any]], bool] | None,
        executed: bool = False,
    ) -> list[dict[str, Any]]:
        # The open ones first: who ends meanwhile is in the other list, and the later answer is right.
        rows = await self.open_rows(market, self.omit(params, ["until", "paginate"]))
        ended = await self.history(market, since, limit, params, wanted, executed)
        both = without_gap([Part(rows), ended], self.begun)
        return list({reading.required(self, row, "orderId"): row for row in both}.values())

    async def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        """Fills as far as they can be told apart: the venue does not list them."""
        await self.load_markets()
        market = None if symbol is None else self.market(symbol)
        in_time, _ = windows.handle_until(self, params, self.parse_told, market)

        def wanted(row: dict[str, Any]) -> bool:
            return bool(self.executed([row])) and (
                in_time is None or any(map(in_time, self.fills_of([row], market)))
            )

        # Orders come by when they were placed, and not by when they were filled.
        most = limit if since is None else None
        rows = await self.open_and_ended(market, since, most, params, wanted, executed=True)
        found = windows.only(self, in_time, self.fills_of(rows, market))
        return self.filter_by_symbol_since_limit(found, self.safe_string(market, "symbol"), since, limit)

    def parse_told(self, trade: Any, market: Any = None) -> Any:
        return trade
