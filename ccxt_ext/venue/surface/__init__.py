"""How a class looks like one of ccxt's."""
