"""BitexAsia v1."""
