"""What fails a test that has gone through: things that it did not look at, and should not be so."""

from __future__ import annotations

from ccxt_ext.testing.bots.lease import Lease

__tracebackhide__ = True  # what is wrong is not at a line of these


def wrong_after_call(lease: Lease) -> list[str]:
    """What is wrong when the test's function has ended. What the sandbox says now is remembered as told."""
    return [*wrong_in_sandbox(lease), *missed_faults(lease)]


def wrong_in_sandbox(lease: Lease) -> list[str]:
    """Failures of the sandbox itself: none of them is the bot's."""
    wrong = []
    world = lease.server.running.server.world
    crashes = world.crashes[lease.crashes_before :]
    lease.crashes_before = len(world.crashes)
    if crashes:
        wrong.append(
            f"the sandbox itself failed on {len(crashes)} requests, and answered them with status 500. "
            f"Please report it. The first time:\n{crashes[0].rstrip()}"
        )
    for venue, sums in lease.server.control("GET", "/ledger").items():
        for currency, amounts in sums.items():
            if amounts["total"] != amounts["deposited"] and (venue, currency) not in lease.unbalanced:
                lease.unbalanced.add((venue, currency))
                wrong.append(
                    f"the ledger of {venue} does not balance: there are {amounts['total']} {currency}, and "
                    f"{amounts['deposited']} were deposited. The sandbox itself is wrong: please report it"
                )
    return wrong


def missed_faults(lease: Lease) -> list[str]:
    """The faults that nothing has met."""
    return [
        f"{fault} was never met: nothing came that it is for. Is its path, method or venue right? "
        "optional=True allows that"
        for fault in lease.faults
        if fault.is_missed
    ]


def left_connected(lease: Lease) -> list[str]:
    """The clients of the test's own that are connected yet, when its fixtures are done with the sandbox."""
    wrong = []
    for exchange, place in lease.made.connected():
        kind = "pro" if exchange.has.get("ws") else "async"
        where = f", made at {place}," if place else ""
        wrong.append(
            f"{exchange.id} ({kind}){where} is still connected: `await exchange.close()` in a `finally`, or "
            f"let ccxt_sandbox.exchange({exchange.id!r}, {kind!r}) make it, which closes it after the test"
        )
    return wrong


def told(wrong: list[str]) -> str:
    """What the test fails with."""
    if len(wrong) == 1:
        return f"ccxt_sandbox: {wrong[0]}"
    return "\n".join([f"ccxt_sandbox: {len(wrong)} things are wrong", *(f"- {each}" for each in wrong)])
