"""What a market of contracts has besides: prices, positions, margin, and what time does to them."""
