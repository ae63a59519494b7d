"""Trades in a sandbox and shows what happens."""
