"""Venues with a planted mistake, one or more for each chapter of the conformance suite: modules chapter_NN.

Each is the profile of a venue that makes the mistake, and says which case has to fail:

pytest ccxt_ext/testing/conformance --ccxt-profile tests/authoring/planted/chapter_05.py
"""
