"""What contract markets have in addition: index and mark prices, positions, margin, funding and expiry."""
