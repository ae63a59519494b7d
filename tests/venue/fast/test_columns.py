"""Which columns are read at once, and which values only ccxt's own way of reading knows how to take."""

import math

import pytest

from ccxt_ext.venue.fast.columns import ABOVE, BELOW, ODD, ZERO, Number, floats


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (["1.5", "0.25"], [1.5, 0.25]),
        (["1.5", "2"], [1.5, 2.0]),
        (["-1.5", "2"], [-1.5, 2.0]),
        (["0", "0.0"], [0.0, 0.0]),
        ([1, 2.5], [1.0, 2.5]),
    ],
    ids=repr,
)
def test_plain_columns(column, values):
    read = floats(column)
    assert read == values
    assert all(type(value) is float and math.copysign(1, value) > 0 for value in read if value == 0)


@pytest.mark.parametrize(
    "column",
    [
        ["-0", "1.5"],
        ["-0.0", "1.5"],
        ["1.5", "-0.00"],
        ["-1.5", "0.0", "-0"],
        [-0.0, 1.5],
        ["1e2", "1.5"],
        ["1.5e2", "1.5"],
        ["1.5E-2", "1.5"],
        ["1e2"],
        ["1.5", ""],
        ["1.5,2.5"],
        ["1.5,2.5", ""],
        ["--1", "1.5"],
        [" 1", "1.5"],
        ["1_0", "1.5"],
        ["+1", "1.5"],
        ["0x1", "1.5"],
        ["NaN", "1.5"],
        ["1" * 31, "1.5"],
        [math.inf, 1.5],
        [True, 1.5],
        ["1.5", 1.5],
        ["1.5", None],
    ],
    ids=repr,
)
def test_columns_that_are_not_plain(column):
    assert floats(column) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1.5", ABOVE),
        ("-1.5", BELOW),
        ("0.00", ZERO),
        ("-0", ODD),
        ("-0.0", ODD),
        (-0.0, ODD),
        ("1e2", ODD),
        ("1E-2", ODD),
        ("1_0", ODD),
        ("\u0661", ODD),
        ("0." + "0" * 400 + "1", ODD),
    ],
    ids=lambda value: repr(value)[:12],
)
@pytest.mark.parametrize("beside", ["1.5", "-2", None])
def test_kinds(text, kind, beside):
    cells = Number("x").read([{"x": text}, {"x": beside}])
    assert cells.kind(0) == kind
