"""Numbers as venues send them, and what nobody hopes for; for hypothesis."""

from hypothesis import strategies as st


def decimals(least: int = 0, most: int = 10**9, places: int = 10) -> st.SearchStrategy[str]:
    def text(number: int, digits: int) -> str:
        padded = str(number).rjust(digits + 1, "0")
        return padded if digits == 0 else f"{padded[:-digits]}.{padded[-digits:]}"

    return st.builds(text, st.integers(least, most), st.integers(0, places))


# As a careful venue sends them, ...
PLAIN = decimals(1)
# ... as most venues do, ...
NUMBERS = st.one_of(
    PLAIN,
    decimals(),
    decimals(1).map(lambda text: "-" + text),
    st.integers(0, 10**12),
    st.floats(1e-9, 1e9),
    st.sampled_from(["0", "0.00", 0, 0.0, None]),
)
# ... and what nobody hopes for.
DIRT = st.one_of(
    NUMBERS,
    st.sampled_from(
        [
            "",
            "NaN",
            "inf",
            "-0",
            -0.0,
            "-0.0",
            "1e-7",
            "2E5",
            1e-7,
            1e22,
            " 1",
            "1_0",
            "1,5",
            ",",
            "007",
            ".5",
            "5.",
            "--1",
            "1-2",
            "true",
            "null",
            "[1",
            "2]",
            "0.1234567890123456789012",
            "123456789012345678901234567890",
            "9" * 400,
            "\u0661",
            "\ud800",
            "x",
            True,
            False,
            float("inf"),
            float("nan"),
            10**30,
            10**400,
            [],
            ["1"],
            {},
            {"a": 1},
        ]
    ),
    st.text(max_size=3),
)
