"""BitMax Futures in the sandbox."""
