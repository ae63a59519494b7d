"""Writes a venue that runs at once, for its author to change: see docs/adding-a-venue.md.

What it writes is made from `templates/`, which is a whole venue called acme, with all that there can be.
"""

from ccxt_ext.authoring.new_venue.answers import Answers, Unfit
from ccxt_ext.authoring.new_venue.files import WouldOverwrite, write_all
from ccxt_ext.authoring.new_venue.insertions import NoCheckout, changed_files, checkout
from ccxt_ext.authoring.new_venue.layout import project_files, repository_files

__all__ = [
    "Answers",
    "NoCheckout",
    "Unfit",
    "WouldOverwrite",
    "changed_files",
    "checkout",
    "project_files",
    "repository_files",
    "write_all",
]
