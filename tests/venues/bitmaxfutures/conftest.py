import pytest

from tests.venues.bitmaxfutures.other_end import Bitmax


@pytest.fixture
async def venue():
    async with Bitmax() as venue:
        yield venue
