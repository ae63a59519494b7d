"""What ccxt-ext costs, beside ccxt's generic code and beside the floor: `python -m benchmarks`."""
