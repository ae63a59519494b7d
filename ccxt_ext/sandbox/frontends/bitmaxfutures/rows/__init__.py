"""BitMax's answers: how each of them puts the engine's things into words."""
