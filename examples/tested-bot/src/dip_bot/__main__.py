"""`dip-bot`, or `python -m dip_bot`: trades on Binance, with the keys of the environment."""

import logging
import os

import ccxt

from dip_bot.bot import DipBot


def main():
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    keys = {"apiKey": os.environ["BINANCE_KEY"], "secret": os.environ["BINANCE_SECRET"]}
    DipBot(ccxt.binance(keys)).run()


if __name__ == "__main__":
    main()
