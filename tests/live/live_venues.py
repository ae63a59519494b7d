"""What the live tests have to know of single venues."""

# Who gets money from the trading account, or which account of it, as the arguments of transfer(): (from, to).
TRANSFERS = {
    "bitexbit": lambda counterparty: ("", counterparty.uid),
    "bitmaxfutures": lambda counterparty: ("swap", "spot"),
}
