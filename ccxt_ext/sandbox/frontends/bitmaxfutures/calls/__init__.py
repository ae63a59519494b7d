"""BitMax's REST calls."""
