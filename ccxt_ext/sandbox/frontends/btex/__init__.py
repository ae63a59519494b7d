"""BTEX in the sandbox."""
