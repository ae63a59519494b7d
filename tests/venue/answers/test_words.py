"""What an error's words mean, and what letters inside other words do not."""

import pytest

from ccxt_ext.venue.answers.text_rules import first_match

RULES = {"sign": 1, "access key": 2, "order + not exist": 3, "not enough": 4, "签名": 5}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sign error", 1),
        ("sign_error", 1),
        ("wrong sign!", 1),
        ("invalidSign", 1),
        ("signs differ", 1),
        ("account assigned to another group", None),
        ("designated", None),
        ("signal", None),
        ("insignificant", None),
        ("wrong accessKey", 2),
        ("ACCESS KEY", 2),
        ("Order does not exist", 3),
        ("orders 1,2", None),
        ("order 12 does not exist", 3),
        ("does not exist: order", None),
        ("the order cannot be cancelled: its account does not exist", None),
        ("reorder does not exist", None),
        ("Money: not enough", 4),
        ("验证签名失败", 5),
        ("", None),
    ],
)
def test_words_are_whole(text, found):
    assert first_match(RULES, text) == found


def test_the_first_rule_counts():
    assert first_match({"b": 1, "a": 2}, "a b") == 1
    assert first_match({}, "a") is None


def test_a_rule_has_no_letters_with_a_meaning_of_their_own():
    assert first_match({"a.c": 1}, "abc") is None
    assert first_match({"c++": 1}, "is c++ known") == 1
