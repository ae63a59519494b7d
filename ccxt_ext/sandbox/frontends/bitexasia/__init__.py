"""BitexAsia in the sandbox."""
