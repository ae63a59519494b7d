"""Snapshots of a sandbox: its whole state, to go back to."""

from __future__ import annotations

import pickle
import re
from dataclasses import dataclass

from ccxt_ext.sandbox.fields import BadCall
from ccxt_ext.sandbox.saved import pack
from ccxt_ext.sandbox.world import World

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
MOST = 50
MOST_BYTES = 500_000_000


@dataclass(frozen=True)
class Snapshot:
    """A state of the sandbox."""

    name: str
    time_ms: int
    """The engine's time."""
    data: bytes


def file_of(world: World) -> bytes:
    """The content of a file with the state as it is now."""
    with world.at_rest():
        return pack(world.settings.of_first_state, world.state())


class Snapshots:
    """The snapshots of one sandbox. A reset leaves them alone."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, Snapshot] = {}
        self._count = 0

    def take(self, name: str | None = None) -> Snapshot:
        """Keep the state as it is. Raises BadCall if the name is taken, or if there is no room."""
        if name is not None and not NAME.fullmatch(name):
            raise BadCall(f"snapshots are named like before-the-crash, not {name!r}")
        if name in self._kept:
            raise BadCall(f"there is a snapshot {name!r} already; DELETE /snapshots takes it away")
        if len(self._kept) >= MOST:
            raise BadCall(f"there are {MOST} snapshots already; DELETE /snapshots takes one away")
        now = self._world.clock.now()
        data = self._pickled()
        if sum(len(each.data) for each in self._kept.values()) + len(data) > MOST_BYTES:
            raise BadCall(f"all snapshots together would have more than {MOST_BYTES // 10**6} MB")
        if name is None:
            name = self._next_name()
        snapshot = self._kept[name] = Snapshot(name, now, data)
        return snapshot

    def _next_name(self) -> str:
        while True:
            self._count += 1
            name = f"snapshot-{self._count}"
            if name not in self._kept:
                return name

    def _pickled(self) -> bytes:
        with self._world.at_rest():
            try:
                return pickle.dumps(self._world.state(), pickle.HIGHEST_PROTOCOL)
            except (pickle.PicklingError, TypeError, AttributeError) as error:  # of a plug-in's frontend
                raise BadCall(f"the state cannot be saved: {error}") from None

    def file(self, name: str | None = None) -> bytes:
        """The content of a file with a snapshot, or with the state as it is now."""
        if name is None:
            return file_of(self._world)
        return pack(self._world.settings.of_first_state, pickle.loads(self.get(name).data))

    def restore(self, name: str) -> Snapshot:
        """Go back to a snapshot, which is kept."""
        snapshot = self.get(name)
        self._world.bring_back(pickle.loads(snapshot.data))
        return snapshot

    def forget(self, name: str) -> None:
        del self._kept[self.get(name).name]

    def get(self, name: object) -> Snapshot:
        snapshot = self._kept.get(name) if isinstance(name, str) else None
        if snapshot is None:
            known = ", ".join(self._kept) or "none"
            raise BadCall(f"unknown snapshot {name!r}; there are {known}")
        return snapshot

    def all(self) -> list[Snapshot]:
        """Oldest first."""
        return list(self._kept.values())
