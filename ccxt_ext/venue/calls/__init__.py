"""Checks the arguments of callers, before anything else is done."""
