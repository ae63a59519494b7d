"""Parses long lists faster than ccxt does, with the same results."""
