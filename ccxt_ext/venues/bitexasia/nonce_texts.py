"""Nonces that no key ever meets twice: hexadecimal texts, shared by all instances of the process."""

import secrets
from threading import Lock

from ccxt_ext.venue.keys.shared import reset_in_child

# Odd, so that adding it again and again meets each number once before the first comes back.
STRIDE = 0x9E3779B97F4A7C15


class NonceTexts:
    """Random texts would repeat: with 8 digits, after an hour at the full rate."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._latest: dict[int, int] = {}

    def next(self, digits: int) -> str:
        with self._lock:
            latest = self._latest.get(digits)
            if latest is None:
                latest = secrets.randbits(4 * digits)
            self._latest[digits] = number = (latest + STRIDE) % 16**digits
        return f"{number:0{digits}x}"

    def start_anew(self) -> None:
        self._lock = Lock()
        self._latest.clear()


nonce_texts = NonceTexts()

# A child would go on where its parent goes on too.
reset_in_child(nonce_texts.start_anew)
