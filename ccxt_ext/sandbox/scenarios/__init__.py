"""Scenarios: what happens in a sandbox from a reset on, written down as a timeline of control calls.

`scenario` reads one, `named` has those of the package, `player` makes the calls when they are due.
"""
