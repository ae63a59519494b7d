"""The control port: JSON calls that steer the sandbox, and show what the engine itself has.

`port` answers a call; each module beside it has the calls about one thing.
"""
