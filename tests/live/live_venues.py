"""What the live tests have to know of single venues."""

# What a venue's answers leave open, though the class may have an option that asks elsewhere.
UNTOLD = {
    "bitexbit": {"trade.order"},  # of v2
}

# Who gets money from the trading account, or which account of it, as the arguments of transfer(): (from, to).
TRANSFERS = {
    "bitexbit": lambda counterparty: ("", counterparty.uid),
    "bitmaxfutures": lambda counterparty: ("swap", "spot"),
}


def untold(id, field):
    return field in UNTOLD.get(id, ())
