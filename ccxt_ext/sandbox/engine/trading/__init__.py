"""The parts of a market: its book, its trades, its waiting orders, and how orders are carried out."""
