"""BitMax Futures Pro v2."""
