"""sign(), beside the same by hand."""

from types import ModuleType

from benchmarks.measure import side_by_side

TARGET = 1.5
HEADER = ["sign()", "by hand", "here", "times by hand", "target", "reached"]


def measure(venue: type, payloads: ModuleType) -> list[list[str]]:
    lines = []
    for what, (call, bare) in payloads.signed(venue(payloads.config("https://localhost"))).items():
        medians = side_by_side({"call": call, "bare": bare})
        ratio = medians["call"] / medians["bare"]
        microseconds = [f"{medians[name] * 1e6:.1f} µs" for name in ("bare", "call")]
        reached = "yes" if round(ratio, 2) <= TARGET else "no"
        lines.append([what, *microseconds, f"**{ratio:.2f}**", str(TARGET), reached])
    return lines
