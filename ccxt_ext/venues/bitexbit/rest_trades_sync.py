# Generated from rest_trades.py by scripts/generate.py. Do not edit.
"""bitexbit's trades over REST, and how v1 and v2 give long lists."""

from collections.abc import Callable, Sequence
from typing import Any

from ccxt_ext.venue.answers import arrivals_sync, reading, windows
from ccxt_ext.venue.answers.paging import FirstPlace, Turning
from ccxt_ext.venue.rest_client_sync import SyncRestClient
from ccxt_ext.venues.bitexbit import fields, fills, requests
from ccxt_ext.venues.bitexbit.metadata import V2_PAGE
from ccxt_ext.venues.bitexbit.protocol import Protocol

V1_PAGE = 1000
# Rows of a page of v1's trades by default. No most is told, so that a longer page may be a full one.
SURE_PAGE = 100
FILLS_KEPT = 2000


class SyncTradeCalls(Protocol, SyncRestClient):
    def __init__(self, config: Any = {}) -> None:
        # The orders of own trades, each by its id and side, as far as they have been told lately.
        self.orders_of_fills: dict[tuple[str, str | None], str] = {}
        super().__init__(config)

    def fetch_trades(self, symbol: str, since: Any = None, limit: Any = None, params: Any = {}) -> Any:
        self.load_markets()
        market = self.market(symbol)
        api, params = requests.chosen(self, "fetchTrades", params)
        paginate, params = self.handle_option_and_params(params, "fetchTrades", "paginate", False)
        request = {"symbol" if api == "v2" else "pair": market["id"]}
        in_time, rest = windows.handle_until(self, params, self.parse_trade, market)
        if api == "v2":
            if since is None or paginate:
                rows = self.fetch_v2_pages(self.v2_public_get_trades, request, since, limit, paginate, params)
            else:
                rows = self.fetch_v2_windows(self.v2_public_get_trades, request, since, limit, params)
        else:
            endpoint = self.v1_public_get_exchanges
            if since is None:
                rows = self.fetch_v1_pages(endpoint, request, in_time, limit, paginate, rest)
            else:
                wanted = None if paginate else limit or V1_PAGE
                rows = self.fetch_v1_rows_from(endpoint, request, in_time, since, wanted, rest)
        return self.parse_trades(windows.only(self, in_time, rows), market, since, limit)

    def fetch_my_trades(
        self, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = self.optional_market(symbol)
        api, params = requests.chosen(self, "fetchMyTrades", params)
        paginate, params = self.handle_option_and_params(params, "fetchMyTrades", "paginate", False)
        in_time, rest = windows.handle_until(self, params, self.parse_trade, market)
        # From `since` on, all are fetched.
        everything = paginate or since is not None
        request = {} if market is None else {"pair" if api == "v1" else "symbol": market["id"]}
        if api == "v1":
            endpoint = self.v1_private_get_exchanges_own
            rows = self.fetch_v1_pages(endpoint, request, in_time, limit, everything, rest, since)
        else:
            endpoint = self.v2_private_get_trades
            rows = self.fetch_v2_pages(endpoint, request, since, limit, everything, params)
        arrivals_sync.know_markets(self, fields.pair_ids(self, rows))
        trades = self.parse_trades(windows.only(self, in_time, rows), market, since, limit)
        return self.with_orders(trades, market) if api == "merge" else trades

    def with_orders(self, trades: Sequence[Any], market: Any) -> Sequence[Any]:
        """v2's trades, each with its order as v1 tells it: v2 does not, and v1 tells no fee."""
        ids = {(trade["id"], trade["side"]): fields.id_number(self, trade["info"]) for trade in trades}
        left = set(ids) - set(self.orders_of_fills)
        known = {key: self.orders_of_fills[key] for key in ids if key not in left}
        request: dict[str, Any] = {} if market is None else {"pair": market["id"]}
        request["limit"] = V1_PAGE if len(left) > SURE_PAGE else SURE_PAGE
        oldest = min((ids[key] for key in left), default=0)
        while left:
            page = reading.rows(self, self.v1_private_get_exchanges_own(request))
            for row in page:
                for key in fills.told_fills(self, row, left):
                    left.discard(key)
                    order = self.safe_string(row, "o_id")
                    if order is not None:
                        known[key] = order
                        self.remember_fill(key, order)
            if len(page) < SURE_PAGE or min(fields.id_number(self, row) for row in page) < oldest:
                break
            request["offset"] = request.get("offset", 0) + len(page)
        for trade in trades:
            trade["order"] = known.get((trade["id"], trade["side"]))
        return trades

    def remember_fill(self, fill: tuple[str, str | None], order: str) -> None:
        self.orders_of_fills[fill] = order
        while len(self.orders_of_fills) > FILLS_KEPT:
            del self.orders_of_fills[next(iter(self.orders_of_fills))]

    def fetch_order_trades(
        self, id: str, symbol: Any = None, since: Any = None, limit: Any = None, params: Any = {}
    ) -> Any:
        self.load_markets()
        market = self.optional_market(symbol)
        in_time, params = windows.handle_until(self, params, self.parse_trade, market)
        rows = reading.rows(self, self.v2_private_get_orders_id_trades(self.extend({"id": id}, params)))
        return self.parse_trades(windows.only(self, in_time, rows), market, since, limit, {"order": str(id)})

    # -- v1, by offset ------------------------------------------------------------------------------

    def fetch_v1_pages(
        self,
        endpoint: Any,
        request: Any,
        wanted: Callable[[Any], bool] | None,
        limit: Any,
        everything: bool,
        params: Any,
        since: Any = None,
    ) -> list[dict[str, Any]]:
        """Newest first; with `everything` as far back as `since`, or the beginning. Only rows that are
        `wanted` count."""
        size = limit if wanted is None and not everything else V1_PAGE
        if size is not None:
            request["limit"] = size
        rows: dict[Any, dict[str, Any]] = {}
        turning = Turning()
        while True:
            page = reading.rows(self, endpoint(self.extend(request, params)))
            known = len(rows)
            rows.update((fields.row_key(self, row), row) for row in page)
            reached = since is not None and any(
                fields.time_of(self, row, "timestamp") < since for row in page
            )
            found = windows.only(self, wanted, list(rows.values()))
            enough = not everything and (wanted is None or len(found) >= (limit or size))
            leads_on = turning.leads_on(len(rows) > known)
            if enough or reached or len(page) < min(size, SURE_PAGE) or not leads_on:
                return found
            request["offset"] = request.get("offset", 0) + len(page)

    def fetch_v1_rows_from(
        self,
        endpoint: Any,
        request: Any,
        wanted: Callable[[Any], bool] | None,
        since: int,
        count: int | None,
        params: Any,
    ) -> list[dict[str, Any]]:
        """The first rows from a moment on, `count` of them or all. v1 knows of no times: they are in the
        newest page, or the list is searched from its old end, where it does not grow."""
        sure = min(V1_PAGE, SURE_PAGE)
        newest = reading.rows(self, endpoint(self.extend(request, {"limit": V1_PAGE}, params)))
        if len(newest) < sure or any(fields.time_of(self, row, "timestamp") < since for row in newest):
            return newest
        request = self.extend(request, {"ordering": "id"}, params)
        place = FirstPlace(V1_PAGE)
        while not place.is_found:
            rows = reading.rows(self, endpoint(self.extend(request, {"offset": place.probe, "limit": 1})))
            place.take(bool(rows) and fields.time_of(self, rows[0], "timestamp") < since)
        found: dict[Any, dict[str, Any]] = {}
        offset = place.low
        while True:
            rows = reading.rows(self, endpoint(self.extend(request, {"offset": offset, "limit": V1_PAGE})))
            fitting = [row for row in rows if fields.time_of(self, row, "timestamp") >= since]
            known = len(found)
            found.update((fields.row_key(self, row), row) for row in windows.only(self, wanted, fitting))
            is_over = wanted is not None and len(found) == known and bool(fitting)  # all later than wanted
            if is_over or len(rows) < sure or (count is not None and len(found) >= count):
                return list(found.values())
            offset += len(rows)

    # -- v2, by ids and times -----------------------------------------------------------------------

    def fetch_v2_pages(
        self, endpoint: Any, request: Any, since: Any, limit: Any, everything: bool, params: Any
    ) -> list[dict[str, Any]]:
        """Newest first; with `everything` as far back as `since`, or the beginning."""
        request = self.extend(request, self.v2_times(since, self.safe_integer(params, "until")))
        size = V2_PAGE if everything or since is not None else min(limit or V2_PAGE, V2_PAGE)
        if everything or since is not None or limit is not None:
            request["limit"] = size
        params = self.omit(params, "until")
        rows: dict[Any, dict[str, Any]] = {}
        while True:
            page = reading.rows(self, endpoint(self.extend(request, params)))
            known = len(rows)
            rows.update((fields.row_key(self, row), row) for row in page)
            enough = not everything and len(rows) >= (limit or 0)
            if enough or len(page) < size or len(rows) == known:
                return list(rows.values())
            lowest = min(fields.id_number(self, row) for row in page)
            # The other side of a trade with oneself has the same id.
            request["until_id"] = lowest - (lowest == request.get("until_id"))

    def fetch_v2_windows(
        self, endpoint: Any, request: Any, since: int, limit: Any, params: Any
    ) -> list[dict[str, Any]]:
        """The first rows from a moment on, `limit` of them or a page. As v2 gives the newest of a time, the
        time is cut until all of it fit into a page."""
        until, params = self.safe_integer(params, "until"), self.omit(params, "until")
        request = self.extend(request, {"limit": V2_PAGE}, params)
        rows: dict[Any, dict[str, Any]] = {}
        first, last = since, until
        while True:
            page = reading.rows(self, endpoint(self.extend(request, self.v2_times(first, last))))
            if len(page) >= V2_PAGE:
                oldest = min(fields.time_of(self, row, "date") for row in page)
                if oldest > first:
                    last = (first + oldest) // 2
                    continue
                # More in one moment than a page has.
                page = self.fetch_v2_pages(endpoint, request, first, None, True, {**params, "until": last})
            rows.update((fields.row_key(self, row), row) for row in page)
            if len(rows) >= (limit or V2_PAGE) or last == until:
                return list(rows.values())
            width = last - first + 1
            first, last = last + 1, last + 4 * width
            if until is not None or last > self.milliseconds():
                last = until if until is None else min(last, until)

    def v2_times(self, since: int | None, until: int | None) -> dict[str, int]:
        unit = 1000 if self.options["v2TimeUnit"] == "s" else 1
        bounds = {
            "since": None if since is None else since // unit,
            "until": None if until is None else -(-until // unit),
        }
        return {name: bound for name, bound in bounds.items() if bound is not None}
