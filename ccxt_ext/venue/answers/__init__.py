"""Reads what venues answer, and checks it."""
