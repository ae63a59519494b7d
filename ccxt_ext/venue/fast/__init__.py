"""Lists that are parsed faster."""
