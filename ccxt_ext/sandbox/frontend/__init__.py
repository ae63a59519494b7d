"""What a frontend is built from."""
