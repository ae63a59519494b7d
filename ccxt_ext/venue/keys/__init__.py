"""What all who use one key share."""
