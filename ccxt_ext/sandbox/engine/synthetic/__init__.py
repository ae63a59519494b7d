"""The synthetic traders of a market, and the past that is made of their trades."""
