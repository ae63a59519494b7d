"""bitexbit in the sandbox."""
