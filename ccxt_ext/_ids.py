"""The venues, by ccxt id. Each has a folder under venues/ and a module under sandbox/frontends/."""

IDS: tuple[str, ...] = ("bitmart2", "btex", "bitmaxfutures", "bitexbit", "bitexasia")

# Those of them that have a streaming class (venues/ID/stream.py): all, if only to poll.
PRO_IDS = IDS
