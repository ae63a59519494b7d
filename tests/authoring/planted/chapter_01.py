"""`has` claims candles, which the venue has not."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "1.21"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def describe(self) -> Any:
            return self.deep_extend(super().describe(), {"has": {"fetchOHLCV": True}})

    return Mistaken


PROFILE = planted("planted01", mistaken)
