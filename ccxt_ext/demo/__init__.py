"""The demo: trades in a sandbox, and shows what happens."""
