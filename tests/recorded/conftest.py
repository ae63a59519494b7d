"""pytester forgets what is imported first in a run of its own, and C extensions such as yaml's do not."""

from ccxt_ext.testing.cassettes import lending
from tests.bots.conftest import IMPORTED as OF_BOTS

IMPORTED = [lending, *OF_BOTS]
