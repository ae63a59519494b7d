"""What a cassette says when it cannot go on."""

from __future__ import annotations


class CassetteError(Exception):
    """A cassette is missing, does not fit, or would not be safe. No error of ccxt's, as bots catch those."""


class Mismatch(CassetteError):
    """What was asked or sent is not what is recorded."""


class NetworkRefused(CassetteError):
    """Something went to the network while a cassette was replayed."""
