"""When requests leave, and in which order."""
