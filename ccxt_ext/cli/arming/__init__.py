"""The folder that `ccxt-ext run` puts on PYTHONPATH."""
