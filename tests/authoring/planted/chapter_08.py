"""Changes of a book are taken without a look at their numbers, so that a missing one is not noticed."""

import json
from typing import Any

from tests.authoring.planted.planting import planted

CASE = "8.5"


def mistaken(cls: Any) -> Any:
    if not hasattr(cls, "watch_order_book"):
        return cls

    class Mistaken(cls):  # type: ignore[misc]
        last = 0

        def handle_message(self, client: Any, message: Any) -> None:
            frame = json.loads(message)
            if "sequence" in frame:
                self.last = self.last + 1 if frame["type"] == "delta" else frame["sequence"]
                message = json.dumps({**frame, "sequence": self.last})
            super().handle_message(client, message)

    return Mistaken


PROFILE = planted("planted08", mistaken)
