"""The venues, by ccxt id. Each has a folder under venues/ and a module under sandbox/frontends/."""

IDS = ("bitmart2", "btex", "bitmaxfutures", "bitexbit", "bitexasia")

# Those of them that have streaming classes (venues/ID/stream.py).
PRO_IDS: tuple[str, ...] = ("bitmart2", "btex", "bitmaxfutures", "bitexbit", "bitexasia")
