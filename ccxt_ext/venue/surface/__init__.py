"""Makes a venue's class look like one of ccxt's own."""
