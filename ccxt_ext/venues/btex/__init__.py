"""BTEX: contracts (perpetual and dated) and spot."""
