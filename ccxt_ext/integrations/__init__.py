"""Programs that keep exchanges of their own, beside ccxt's: what each of them needs to use the venues.

The import hook arms one as soon as a program imports its own modules. No program is imported by us.
"""
