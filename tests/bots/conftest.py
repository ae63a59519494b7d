"""pytester forgets what is imported first in a run of its own, and then there would be two of each class."""

from ccxt_ext.plugins import ours
from ccxt_ext.testing.bots import lending
from ccxt_ext.testing.simulated import making
from ccxt_ext.testing.venues import KINDS, class_of

IMPORTED = [lending, making, *(class_of(id, kind) for id in ours() for kind in KINDS)]
