"""Errors unlike ccxt's."""

import ccxt


class Demanding(ccxt.ExchangeNotAvailable):
    """Wants what other errors do not want, and has what they have not."""

    def __init__(self, status, *, reason):
        super().__init__(f"{status} {reason}")
        self.status = status
