"""Of the trades of a frame, the first is told."""

import json
from typing import Any

from tests.authoring.planted.planting import planted

CASE = "8.8"


def mistaken(cls: Any) -> Any:
    if not hasattr(cls, "watch_trades"):
        return cls

    class Mistaken(cls):  # type: ignore[misc]
        def handle_message(self, client: Any, message: Any) -> None:
            frame = json.loads(message)
            if frame.get("channel") == "trades" and "trades" in frame:
                message = json.dumps({**frame, "trades": frame["trades"][:1]})
            super().handle_message(client, message)

    return Mistaken


PROFILE = planted("planted08trades", mistaken)
