"""Which room of the house may import which: arrows run one way."""

from __future__ import annotations

from tests.house.sources import PACKAGE

# A room is a folder; for venues and frontends each of its folders is one, called ID here.
GROUND = {"_hosts", "_told_time", "_version", "plugins"}
VENUE = {*GROUND, "venue"}
CLASSES = {*VENUE, "hook"}
SANDBOX = {*GROUND, "sandbox", "sandbox.engine", "sandbox.frontend", "sandbox.frontends"}
ARROWS = {
    "": CLASSES,  # the package itself
    "_hosts": set(),
    "_told_time": set(),
    "_version": set(),
    "plugins": set(),
    "venue": GROUND,
    "venues": VENUE,
    "venues.ID": {"venue"},
    "hook": VENUE,
    "async_support": CLASSES,
    "pro": {*CLASSES, "async_support"},
    "sandbox.engine": set(),
    "sandbox.frontend": {"_version", "sandbox.engine"},
    "sandbox.frontends.ID": {"sandbox.frontend"},
    "sandbox.frontends.simulated": {"sandbox.frontend"},
    "sandbox.frontends": {"plugins", "sandbox.frontend", "sandbox.frontends.simulated"},
    "sandbox": SANDBOX,
    "program": SANDBOX,
    "integrations": VENUE,
    "authoring": {"_version"},
    "testing": {*CLASSES, *SANDBOX, "", "async_support", "pro", "program"},
    "demo": {*SANDBOX, "program"},
    "cli": {*CLASSES, *SANDBOX, "", "async_support", "pro", "program", "authoring", "demo"},
    "__main__": {"cli"},
}


def room_of(module: str, package: str = PACKAGE) -> str:
    parts = module.removeprefix(package).removeprefix(".").split(".")
    if parts[0] == "venues":
        return "venues.ID" if len(parts) > 1 else "venues"
    if parts[0] != "sandbox" or parts[1:2] not in (["engine"], ["frontend"], ["frontends"]):
        return parts[0]
    if parts[1:3] == ["frontends", "simulated"]:
        return "sandbox.frontends.simulated"  # the only one that no entry point names
    return "sandbox.frontends.ID" if parts[1] == "frontends" and len(parts) > 2 else ".".join(parts[:2])


def folder_of(module: str, package: str = PACKAGE) -> str:
    """With the venue's own id, where the room has one."""
    count = room_of(module, package).count(".") + 1
    return ".".join(module.split(".")[: 1 + count])
