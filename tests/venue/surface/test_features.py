"""What `features` say of a method, for a venue that has little."""

from ccxt_ext.venue.surface import features


def test_an_order_has_what_is_given_and_nothing_else():
    usual, more = features.create_order(), features.create_order(timeInForce={"IOC": True}, trailing=True)
    assert usual["timeInForce"] == {"IOC": False, "FOK": False, "PO": False, "GTD": False}
    assert more == {**usual, "trailing": True, "timeInForce": {**usual["timeInForce"], "IOC": True}}
    assert not any(value for name, value in usual.items() if name != "timeInForce")


def test_closed_orders_say_since_when_cancelled_ones_are_told():
    assert features.closed_orders(50) == {**features.history(50), "daysBackCanceled": None}
    wanted = {**features.history(50, symbol_required=True), "daysBack": 90, "daysBackCanceled": 1}
    assert features.closed_orders(50, True, daysBack=90, daysBackCanceled=1) == wanted
