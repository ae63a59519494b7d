"""The venues, by ccxt id. Each has a folder under venues/ and a module under sandbox/frontends/."""

IDS = ("bitmart2", "bitexbit", "bitexasia", "btex")

# Those of them that have streaming classes (venues/ID/stream.py).
PRO_IDS: tuple[str, ...] = ()
