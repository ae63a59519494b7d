"""What callers hand over."""
