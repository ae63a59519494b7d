"""The synthetic traders of a market, and the past that they made."""
