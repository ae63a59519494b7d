"""Calls about snapshots."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.fields import BadCall, Fields, check_names
from ccxt_ext.sandbox.snapshots import Snapshot, Snapshots
from ccxt_ext.sandbox.world import World


class SnapshotCalls(Calls):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._snapshots = Snapshots(world)

    def table(self) -> dict[tuple[str, str], Call]:
        return {
            ("POST", "/snapshot"): self.take,
            ("POST", "/restore"): self.restore,
            ("GET", "/snapshots"): self.show,
            ("DELETE", "/snapshots"): self.forget,
        }

    def take(self, fields: Fields) -> Any:
        check_names(fields, "name")
        name = fields.get("name")
        if name is not None and not isinstance(name, str):
            raise BadCall("'name' must be text")
        return _row(self._snapshots.take(name))

    def restore(self, fields: Fields) -> Any:
        check_names(fields, "snapshot")
        return _row(self._snapshots.restore(self._named(fields)))

    def show(self, fields: Fields) -> Any:
        check_names(fields)
        return {"snapshots": [_row(each) for each in self._snapshots.all()]}

    def forget(self, fields: Fields) -> Any:
        check_names(fields, "snapshot")
        self._snapshots.forget(self._named(fields))
        return self.show({})

    @staticmethod
    def _named(fields: Fields) -> str:
        name = fields.get("snapshot")
        if not isinstance(name, str):
            raise BadCall("'snapshot' must be the name of one")
        return name


def _row(snapshot: Snapshot) -> dict[str, Any]:
    return {"snapshot": snapshot.name, "time": snapshot.time_ms, "bytes": len(snapshot.data)}
