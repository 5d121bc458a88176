"""Bringing files in: one engine for every kind of list.

It owns how a file is checked row by row, shown before anything is written, written in one transaction with its audit
events, and taken back. It does not know what a row means: each app registers its kinds (``resources.py``) with
``core.imports.registry``. The safe reader is ``core.spreadsheets``.
"""
