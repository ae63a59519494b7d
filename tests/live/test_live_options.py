"""Every option for a point that documents leave open: sandboxes of each reading, and clients of each.

The client that a sandbox's config makes works as it is. One with another reading is refused.
"""

import ccxt
import pytest

import ccxt_ext
from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.frontend.options import merged, put
from ccxt_ext.sandbox.frontends import options_of

CONTRACT, PAIR = "BTC/USDT:USDT", "BTC/USD"
COUNTERPARTY = "VB4DF1HQ4D7"  # bitexbit's name for it


def balance(exchange):
    assert exchange.fetch_balance()["total"]


def leverage(exchange):
    assert float(exchange.set_leverage(7, CONTRACT)["info"]["leverage"]) == 7  # a query is text


def transfer(exchange):
    exchange.transfer("USDT", 1, "spot", "swap")
    exchange.transfer("USDT", 1, "swap", "spot")


def tickers(exchange):
    assert exchange.fetch_ticker(CONTRACT)["baseVolume"] > 0
    assert exchange.fetch_tickers()["ETH/USDT:USDT"]["baseVolume"] > 0


def funding(exchange):
    history = exchange.fetch_funding_rate_history(CONTRACT)
    assert len(history) == 20 and history[-1]["timestamp"] % 28_800_000 == 0
    assert exchange.fetch_funding_history(CONTRACT) == []


def gift(exchange):
    sent = exchange.transfer("USDT", 1, "main", COUNTERPARTY)
    assert exchange.fetch_transfers()[-1]["id"] == sent["id"]
    exchange.v2_private_post_transfers_txid_cancel({"txid": sent["id"]})


def own_order(exchange):
    order = exchange.create_order(PAIR, "limit", "buy", 0.02, 500)
    answer = exchange.v1_private_get_order_id({"id": order["id"]})
    assert (str(answer["id"]), answer["pair"]) == (order["id"], "BTC_USD")
    exchange.cancel_order(order["id"], PAIR)


CASES = [
    # venue, option, its readings with that of the documents first, a call that it concerns
    ("bitmaxfutures", "secretFormat", ["raw", "base64"], balance),
    ("bitmaxfutures", "openOrdersMethod", ["GET", "POST"], lambda x: x.fetch_open_orders(CONTRACT)),
    ("bitmaxfutures", "freeMarginMethod", ["GET", "POST"], balance),
    ("bitmaxfutures", "postAsQuery", [[], ["futures/leverage"]], leverage),
    (
        "bitmaxfutures",
        "postAsQuery",
        [[], ["futures/leverage", "futures/transfer/deposit", "futures/transfer/withdraw"]],
        transfer,
    ),
    ("bitmaxfutures", "tickerVersion", ["v1", "v2"], tickers),
    (
        "bitmaxfutures",
        "orderHistPrehash",
        ["order/hist", "v2/order/hist"],
        lambda x: x.fetch_closed_orders(CONTRACT),
    ),
    ("bitmaxfutures", "retiredV1", [True, False], funding),
    ("bitmart2", "token.clientSecret", ["hmac", "secret"], lambda x: x.sign_in()),
    ("bitmart2", "signCancelAll", [True, False], lambda x: x.cancel_all_orders("BMX/ETH")),
    (
        "btex",
        "signUrlEncode",
        [True, False],
        lambda x: x.contract_private_post_get_order_batch({"order_id": "1,2"}),
    ),
    (
        "bitexbit",
        "v1GetSignature",
        ["key", "query"],
        lambda x: x.v1_private_get_orders_own({"pair": "BTC_USD"}),
    ),
    ("bitexbit", "v1FetchOrderSigned", [True, False], own_order),
    ("bitexbit", "chartsTrailingSlash", [False, True], lambda x: x.fetch_ohlcv(PAIR)),
    ("bitexbit", "v2TransferSlashes", ["documented", "all", "none"], gift),
    (
        "bitexasia",
        "signature.order",
        [["method", "path", "body", "timestamp", "nonce"], ["timestamp", "apiKey", "method", "path", "body"]],
        balance,
    ),
    ("bitexasia", "signature.separator", ["\n", ""], balance),
    ("bitexasia", "signature.hash", ["sha256", "sha512"], balance),
    ("bitexasia", "signature.digest", ["hex", "base64", "hexUpper"], balance),
    ("bitexasia", "signature.secretEncoding", ["utf8", "hex", "base64"], balance),
    ("bitexasia", "signature.nonceLength", [16, 24], balance),
    ("bitexasia", "signature.timestampUnit", ["ms", "s"], balance),
]
# With the streams' options the streams are tried.
OF_STREAMS = {"stream.subscribeEvent", "stream.messageEvent", "stream.cancelIdField"}
# What has to be asked for in other ways before an option matters.
ASKED_FOR = {"orderHistPrehash": {"orderHistory": "hist"}}


def test_each_option_of_a_client_is_tried_here():
    options = {
        (venue, choice.as_client or name)
        for venue in ccxt_ext.exchanges
        for name, choice in options_of(venue).items()
        if choice.of_client and name not in OF_STREAMS
    }
    assert options == {(venue, name) for venue, name, *_ in CASES}


class Readings:
    """Sandboxes: the first has the first reading of everything, the next the next one, or the last."""

    def __init__(self):
        self.sandboxes, self.clients = {}, {}

    def client(self, number, venue):
        """As the sandbox's config makes it; its markets are loaded once."""
        if number not in self.sandboxes:
            options = {}
            for id, name, readings, _ in CASES:
                put(options.setdefault(id, {}), name, readings[min(number, len(readings) - 1)])
            self.sandboxes[number] = Sandbox(seed=7, options=options).start()
        if (number, venue) not in self.clients:
            client = getattr(ccxt_ext, venue)(self.sandboxes[number].config(venue))
            client.load_markets()
            self.clients[number, venue] = client
        return self.clients[number, venue]

    def other_client(self, number, venue, options):
        client = self.client(number, venue)
        other = getattr(ccxt_ext, venue)(merged(self.sandboxes[number].config(venue), {"options": options}))
        other.set_markets(list(client.markets.values()), client.currencies)
        return other


@pytest.fixture(scope="module")
def venues():
    readings = Readings()
    yield readings
    for sandbox in readings.sandboxes.values():
        sandbox.stop()


@pytest.mark.parametrize(
    ("venue", "name", "readings", "call", "number"),
    [(*case, number) for case in CASES for number in range(len(case[2]))],
    ids=lambda part: part if isinstance(part, str | int) else "",
)
def test_a_client_reads_as_the_venue_does_or_is_refused(venues, venue, name, readings, call, number):
    client, asked_for = venues.client(number, venue), ASKED_FOR.get(name, {})
    client.options.update(asked_for)
    if name != "retiredV1" or readings[number]:  # where it is not served, nobody gets it
        call(client)
    for other in [reading for reading in readings if reading != readings[number]]:
        options = dict(asked_for)
        put(options, name, other)
        ccxt_ext.reset_shared()  # a token is good for whoever has the key
        with pytest.raises(ccxt.BaseError):
            call(venues.other_client(number, venue, options))
