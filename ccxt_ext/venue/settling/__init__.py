"""Finds out what became of orders and cancels of unknown outcome."""
