"""What `make mutate` changes and runs is there, though modules and tests are moved."""

import runpy
from pathlib import Path

ROOMS = runpy.run_path(str(Path(__file__).parents[2] / "scripts/mutate/rooms.py"))["ROOMS"]


def test_every_room_has_its_modules_and_tests():
    for room in ROOMS.values():
        assert room.files and room.test_files
