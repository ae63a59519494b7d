"""How the sandbox holds when it is leaned on."""
