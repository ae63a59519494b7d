"""Calls of an async exchange that are all made in one event loop."""

import asyncio

import pytest

from ccxt_ext.testing.wire import OneLoop


class Owner:
    pass


def test_all_are_run_in_one_loop_that_is_closed_with_its_owner():
    async def loop():
        return asyncio.get_running_loop()

    owner = Owner()
    run = OneLoop(owner)
    first, second = run(loop()), run(loop())
    assert first is second and not first.is_closed()
    del owner
    assert first.is_closed()


def test_nothing_of_a_call_goes_on_after_it():
    owner = Owner()
    run, left = OneLoop(owner), []

    async def call():
        left.append(asyncio.ensure_future(asyncio.sleep(3600)))
        await asyncio.sleep(0)
        return "told"

    assert run(call()) == "told"
    assert left[0].cancelled()


def test_what_a_call_raises_is_raised():
    owner = Owner()

    async def call():
        raise ValueError("as it is")

    with pytest.raises(ValueError, match="as it is"):
        OneLoop(owner)(call())
