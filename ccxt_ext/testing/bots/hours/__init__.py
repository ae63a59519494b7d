"""Virtual time: a bot sleeps, and lives through hours of the sandbox's time in seconds."""
