"""Gives hummingbot connectors for our venues, and for any exchange of ccxt.pro.

Nothing of hummingbot is changed.
"""
