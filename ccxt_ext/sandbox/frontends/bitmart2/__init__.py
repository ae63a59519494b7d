"""BitMart in the sandbox."""
