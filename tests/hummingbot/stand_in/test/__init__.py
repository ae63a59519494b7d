"""What hummingbot's tests import from a package of this name, which its releases do not contain."""
