"""The conformance suite: whether a venue keeps what a program that is written for ccxt relies on.

    pytest --pyargs ccxt_ext.testing.conformance --ccxt-venue acme [--ccxt-profile FILE] [--ccxt-report FILE]

Each chapter is a module test_NN_NAME, each case a function with a number and a name. docs/conformance.md
lists them.
"""
