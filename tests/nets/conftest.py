import sys
from pathlib import Path

# The wire that stands in place of a network is the venues' tests'.
sys.path.insert(0, str(Path(__file__).parents[1] / "venues"))
