"""Tools for whoever writes a venue."""
