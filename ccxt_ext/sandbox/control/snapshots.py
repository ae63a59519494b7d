"""Calls about snapshots."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.errors import SandboxError
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
            ("GET", "/snapshot"): self.file,
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

    def file(self, fields: Fields) -> Any:
        """What a file with a snapshot has in it, or with the state as it is now."""
        check_names(fields, "snapshot")
        try:
            data = self._snapshots.file(fields.get("snapshot"))
        except SandboxError as error:
            raise BadCall(str(error)) from None
        return {"snapshot": fields.get("snapshot"), "file": b64encode(data).decode()}

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
