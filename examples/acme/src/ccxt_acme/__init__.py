"""Acme Exchange."""
