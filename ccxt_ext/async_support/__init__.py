"""The async classes. Each is imported when it is first used."""

from ccxt_ext.hook.faces import face

__getattr__, __dir__ = face(__name__, globals(), "ccxt.async_support")
