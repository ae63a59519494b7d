"""What the live tests have to know of single venues."""

# Who gets money from the trading account, or which account of it, as the arguments of transfer(): (from, to).
TRANSFERS = {
    "bitexbit": lambda counterparty: ("", counterparty.uid),
    "bitmaxfutures": lambda counterparty: ("swap", "spot"),
}

# What a venue lets an account send is so little that several clients have to share it.
COUNTS_BY_ACCOUNT = {"bitexbit", "btex"}
