"""Keeps clients inside a sandbox: while the environment names one, they reach nothing else."""
