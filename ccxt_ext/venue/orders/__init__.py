"""Checks orders, cancels them, and tells callers what became of them."""
