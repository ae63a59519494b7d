"""The error of a sandbox that cannot do what it was asked."""


class SandboxError(Exception):
    """The sandbox cannot do what it was asked. The text says why."""
