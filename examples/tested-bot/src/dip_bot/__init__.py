"""Buys what has fallen, and sells it a little higher."""

from dip_bot.bot import DipBot

__all__ = ["DipBot"]
