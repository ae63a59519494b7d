"""The fixtures of the cases. Here they come before those of the same names that the caller may have."""

from ccxt_ext.testing.conformance.fixtures import *  # noqa: F403
