"""The ids of our venues, as their entry points tell them."""

from ccxt_ext.plugins import ours

IDS = tuple(ours())
PRO_IDS = tuple(ours("pro"))
