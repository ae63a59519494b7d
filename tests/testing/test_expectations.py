from ccxt_ext.testing.expectations import difference


def test_difference_sees_one():
    assert difference({"a": [1, None]}, {"a": [1.0], "b": None}) is not None
    assert difference({"a": True}, {"a": 1}) is not None
    assert difference({"a": "1"}, {"a": 1}) is not None
    assert difference({"a": 1, "b": None}, {"a": 1.0}) is None
