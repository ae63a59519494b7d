"""Any exception can be copied, whatever its class demands."""

import pickle

import ccxt
import pytest

from ccxt_ext.venue.answers.error_copies import copy_error, error_text
from ccxt_ext.venue.orders.outcomes import with_unknown_outcome


class Demanding(ccxt.NetworkError):
    def __init__(self, status, *, reason):
        super().__init__(status)
        self.reason = reason

    def __str__(self):
        return f"{self.args[0]}: {self.reason}"


class Stubborn(ccxt.RequestTimeout):
    """Says the same whatever it is told."""

    def __str__(self):
        return "stubborn"


class Silent(Exception):
    """Has no text without an attribute that it has not got."""

    def __str__(self):
        return self.gone


class Mixed(ccxt.NetworkError, OSError):
    pass


def with_other_args(error):
    error.args = ("changed",)
    return error


def undecodable():
    with pytest.raises(UnicodeDecodeError) as caught:
        b"\xff".decode()
    return caught.value


ANY = {
    "ccxt": ccxt.OrderNotFound("none"),
    "two": ccxt.BadRequest("one", 2),
    "none": ccxt.BadRequest(),
    "demanding": Demanding(500, reason="because"),
    "system": FileNotFoundError(2, "No such file", "name"),
    "mixed": Mixed(2, "No such file"),
    "unicode": undecodable(),
    "changed": with_other_args(undecodable()),
    "key": KeyError("name"),
}


@pytest.mark.parametrize("error", ANY.values(), ids=ANY)
def test_a_copy_reads_the_same_and_keeps_no_frames(error):
    error.told = "more"
    try:
        try:
            raise ValueError("behind")
        except ValueError as behind:
            raise error from behind
    except Exception:
        copy = copy_error(error)
    assert copy is not error and copy.told == "more" and isinstance(error, type(copy))
    assert str(copy) == str(error)
    assert copy.__traceback__ is copy.__cause__ is copy.__context__ is None
    if error is not ANY["changed"]:  # no UnicodeDecodeError can be made of a text
        assert type(copy) is type(error) and copy.args == error.args


def test_the_nearest_class_that_says_what_it_is_told():
    copy = copy_error(Stubborn("old"), "new")
    assert (type(copy), str(copy)) == (ccxt.RequestTimeout, "new")


def test_an_error_without_a_text():
    assert error_text(copy_error(Silent())) == "Silent"


def test_what_is_not_kept_leaves_the_original_as_it_was():
    error = ccxt.NetworkError("text")
    error.number, error.word = 1, "word"
    copy = copy_error(error, "other", ccxt.ExchangeNotAvailable, keeps=lambda value: value == 1)
    assert (type(copy), str(copy), vars(copy)) == (ccxt.ExchangeNotAvailable, "other", {"number": 1})
    assert vars(error) == {"number": 1, "word": "word"}


def test_what_a_program_reads_survives_another_process():
    error = with_unknown_outcome(ccxt.NetworkError("cut"), "cut, unknown", ["mine"], [])
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.outcome, again.client_order_id, again.order_id) == (
        "cut, unknown",
        "unknown",
        "mine",
        None,
    )
