"""What a venue's frontend is built from.

A frontend speaks a venue's protocol and leaves markets, money and matching to the engine. It is a class that
derives from `BaseFrontend`, and that an entry point of the group `ccxt_ext.sandbox` names.

It gives:
- `ROUTES` and `OPTIONS`: its endpoints, and what can be set for it;
- `engine` and `listings`: an `Engine` with the venue's markets, and the venue's own view of each of them;
- `config()`: the constructor argument for a client;
- `open_account()`: how a further account gets its money and its keys;
- `answer()`: a `Response` for each `Request`; what the venue refuses raises `Refusal`;
- `error()`, `refuse()` and `maintenance()`: failures in the venue's own form;
- `stream()`, if it has any: a `Stream` for each WebSocket; `socket_io`, if they speak Socket.IO;
- `listing_like()` and `spec_of()`: how a market is listed while clients run;
- `listing_changed()`: how a market's listing changes while clients run;
- `order_name()`, if the venue's ids of orders are not the engine's numbers, and `order_named()`, if they do
  not end in them.

It gets:
- `clock`, a `VenueClock`: the time that the venue goes by, which may be off;
- `seed` and `limits`, and by `option()` what was set;
- `engine` of this package: the engine's classes, and exact arithmetic;
- `feed`, which tells its streams what each operation of the engine has changed.

Nothing here does input or output, so a frontend can be tried without a server.
"""

from ccxt_ext.sandbox.engine import Listed
from ccxt_ext.sandbox.frontend.base import BaseFrontend, Money
from ccxt_ext.sandbox.frontend.clock import VenueClock
from ccxt_ext.sandbox.frontend.feed import BookUpdate, Feed, News
from ccxt_ext.sandbox.frontend.keys import Keys, digest
from ccxt_ext.sandbox.frontend.limits import RELAXED_FACTOR, Limits, Spent, WeightWindow, Window
from ccxt_ext.sandbox.frontend.listings import Listing, pair_of
from ccxt_ext.sandbox.frontend.messages import (
    Json,
    Refusal,
    Request,
    Response,
    as_json,
    json_reader,
    json_response,
    parameters,
)
from ccxt_ext.sandbox.frontend.numbers import PLAIN_DECIMAL, decimal_text, decimals_of, exact_json
from ccxt_ext.sandbox.frontend.options import Option, OptionTable, flag, integer, one_of, text, texts
from ccxt_ext.sandbox.frontend.orders import close_position, latest_fill
from ccxt_ext.sandbox.frontend.pages import BookRows, between, by_time_and_id, up_to
from ccxt_ext.sandbox.frontend.routes import Route, Routes
from ccxt_ext.sandbox.frontend.socket_io import (
    SocketIoClient,
    SocketIoEndpoint,
    SocketIoEvent,
    SocketIoServer,
)
from ccxt_ext.sandbox.frontend.stream import INTERNAL_ERROR, Stream, Wire

__all__ = [
    "INTERNAL_ERROR",
    "PLAIN_DECIMAL",
    "RELAXED_FACTOR",
    "BaseFrontend",
    "BookRows",
    "BookUpdate",
    "Feed",
    "Json",
    "Keys",
    "Limits",
    "Listed",
    "Listing",
    "Money",
    "News",
    "Option",
    "OptionTable",
    "Refusal",
    "Request",
    "Response",
    "Route",
    "Routes",
    "SocketIoClient",
    "SocketIoEndpoint",
    "SocketIoEvent",
    "SocketIoServer",
    "Spent",
    "Stream",
    "VenueClock",
    "WeightWindow",
    "Window",
    "Wire",
    "as_json",
    "between",
    "by_time_and_id",
    "close_position",
    "decimal_text",
    "decimals_of",
    "digest",
    "exact_json",
    "flag",
    "integer",
    "json_reader",
    "json_response",
    "latest_fill",
    "one_of",
    "pair_of",
    "parameters",
    "text",
    "texts",
    "up_to",
]
