"""What goes wrong with a sandbox as such."""


class SandboxError(Exception):
    """The sandbox could not do what it was asked, with the reason."""
