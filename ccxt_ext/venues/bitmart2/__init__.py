"""BitMart openapi v2."""
