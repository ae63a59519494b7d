"""What a program of ours needs, be it a command or the demo: text on a console, and a sandbox of its own."""
