"""What the tests at the sandbox trade. Change it here if your venue has other markets."""

SYMBOL = "BTC/USDT"
SECOND = "ETH/USDT"


def amount_at(exchange, symbol, price):
    """Of an order that the market takes at this price: ten times the least, or twice the least value."""
    market = exchange.market(symbol)
    limits, size = market["limits"], market["contractSize"] or 1
    least = max(10 * (limits["amount"]["min"] or 0), 2 * (limits["cost"]["min"] or 0) / price / size)
    return float(exchange.amount_to_precision(symbol, least))


def low_prices(exchange, symbol, bid, count):
    """Prices of bids so far below the best one that nobody takes them, from the lowest up."""
    tick = exchange.market(symbol)["precision"]["price"]
    return [float(exchange.price_to_precision(symbol, bid / 2 + place * tick)) for place in range(count)]


def inside(exchange, symbol, book):
    """A price between the best bid and the best ask."""
    price = book["bids"][0][0] + exchange.market(symbol)["precision"]["price"]
    return float(exchange.price_to_precision(symbol, price))
