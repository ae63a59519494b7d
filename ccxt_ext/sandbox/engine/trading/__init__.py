"""What one market is made of: its book, its trades, its waiting orders, and how they are carried out."""
