"""Recorded conversations with any exchange of ccxt's: what the fixture `ccxt_cassette` is made of."""
