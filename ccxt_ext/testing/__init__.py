"""What proves a venue: the conformance suite, and the profile that tells it more about a venue.

pytest --pyargs ccxt_ext.testing.conformance --ccxt-venue acme --ccxt-profile tests/profile.py
"""

from ccxt_ext.testing.profile import Profile, Way
from ccxt_ext.testing.wire import Answer, Request

__all__ = ["Answer", "Profile", "Request", "Way"]
