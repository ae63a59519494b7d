"""Which venues there are, who brings each of them, and where its classes are.

A distribution brings a venue by entry points: the name is the ccxt id, the value is the class. There is a
group for each kind of class (`KINDS`), such as `ccxt_ext.sync`. Our own venues come in by those of setup.cfg.

Importing this package reads nothing. The entry points are read once, when somebody asks for ids.
"""

from ccxt_ext.plugins.plugin import KINDS, PROGRAMS, Plugin
from ccxt_ext.plugins.registry import (
    conflicts,
    find,
    id_of_class,
    ids,
    ours,
    overruled,
    problems,
    register,
    shut_out,
    target,
)

__all__ = [
    "KINDS",
    "PROGRAMS",
    "Plugin",
    "conflicts",
    "find",
    "id_of_class",
    "ids",
    "ours",
    "overruled",
    "problems",
    "register",
    "shut_out",
    "target",
]
