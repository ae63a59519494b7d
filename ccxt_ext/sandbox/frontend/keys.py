"""The API keys of a venue's accounts."""

from __future__ import annotations

import hashlib
from typing import Generic, Protocol, TypeVar


class ApiKey(Protocol):
    """An API key. A venue's own class may have more attributes."""

    @property
    def account(self) -> str:
        """Whose key it is."""

    @property
    def api_key(self) -> str:
        """The part that is not secret."""


K = TypeVar("K", bound=ApiKey)


class Keys(Generic[K]):
    """All keys of a venue. An account may have several; its config has the first one."""

    def __init__(self) -> None:
        self._keys: dict[str, K] = {}
        self._first: dict[str, K] = {}

    def add(self, key: K) -> K:
        """Keep a key."""
        self._keys[key.api_key] = key
        self._first.setdefault(key.account, key)
        return key

    def get(self, api_key: str) -> K | None:
        """The key whose public part this is; None if there is none."""
        return self._keys.get(api_key)

    def of(self, account: str) -> K:
        """The account's first key."""
        return self._first[account]


def digest(venue: str, *words: object) -> str:
    """64 hexadecimal digits, always the same for the same words. Keys and addresses are made from them."""
    return hashlib.sha256(f"{venue} sandbox {' '.join(map(str, words))}".encode()).hexdigest()
