"""What all clients that use the same key share."""
