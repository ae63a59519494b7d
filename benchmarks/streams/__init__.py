"""What order books cost over a stream, beside ccxt's own classes and beside aiohttp with orjson alone."""
