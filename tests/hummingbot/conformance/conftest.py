import sys
from pathlib import Path

# hummingbot's tests import what its releases do not contain.
sys.path.insert(0, str(Path(__file__).parents[1] / "stand_in"))
