"""The ids of the venues. Each has a folder in venues/ and one in sandbox/frontends/."""

IDS: tuple[str, ...] = ("bitmart2", "btex", "bitmaxfutures", "bitexbit", "bitexasia")

# The venues that have a streaming class (venues/ID/stream.py). All have one, even if it only polls.
PRO_IDS = IDS
