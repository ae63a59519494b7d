"""Acme Exchange in the sandbox.

It is written from the venue's documents alone. Nothing here knows the client, so that a misreading on one
side fails on the other.
"""
