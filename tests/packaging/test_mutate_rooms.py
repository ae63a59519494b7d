"""What `make mutate` changes and runs is there, though modules and tests are moved."""

import runpy
from pathlib import Path

ROOMS = runpy.run_path(str(Path(__file__).parents[2] / "scripts/mutate/rooms.py"))["ROOMS"]


def test_every_room_has_its_modules_and_tests():
    for room in ROOMS.values():
        assert room.files and room.test_files


def test_the_conformance_suite_is_run_over_a_venue():
    """Without one, its modules have no tests at all."""
    of_venues = [room for name, room in ROOMS.items() if room.venues != "*"]
    assert len(of_venues) == 5 and all(len(room.options) == 1 for room in of_venues)
    others = [room for room in ROOMS.values() if any("conformance/" in test for test in room.test_files)]
    assert all(room.options for room in others)
    assert not ROOMS["engine-money"].options
