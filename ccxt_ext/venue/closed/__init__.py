"""Keeps a client in its sandbox."""
