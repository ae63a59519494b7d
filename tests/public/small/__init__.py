"""A small venue that is built of public parts alone, as the reference has them."""
