"""Measures speed and size, each beside ``bare``: the smallest program that does the same work in the database.

``python3 run.py bench`` runs everything and prints a table; ``--only contention,import`` runs some, ``--quick`` with
small numbers, to see that the measurements themselves work. Nothing here is part of the service. Each module of
``bench/rows`` measures one thing on databases made for the run and dropped after it. docs/performance.md says what the
figures mean.
"""
