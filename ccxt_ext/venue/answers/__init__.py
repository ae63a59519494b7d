"""What venues answer."""
