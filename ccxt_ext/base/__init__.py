"""What the venues' clients share on top of ccxt."""
