"""What the fixture `ccxt_sandbox` is made of.

- box.py: the sandbox of one test; truth.py: what its engine has; clients.py: its clients, and how they end;
- servers.py: the servers behind it, kept for the next test; marks.py: what the marker asks for;
- lending.py: brings these together for a test of pytest's.
"""
