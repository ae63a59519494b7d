"""What a client class is built from."""
