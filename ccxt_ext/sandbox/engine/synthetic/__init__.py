"""The synthetic traders of a market, and the history that is made from their trades."""
