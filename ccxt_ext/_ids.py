"""The venues, by ccxt id. Each has a folder under venues/ and a module under sandbox/frontends/."""

IDS = ("bitmart2",)
