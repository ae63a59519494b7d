"""What both the commands and the demo need: text on a console, and a sandbox of their own."""
