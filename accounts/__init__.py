"""Sign-in accounts and the vocabulary of permissions.

Owns: the account (work e-mail), how it is verified, the list of permissions with what each means in plain words.
Does not own: people and their roles (agencies).
Its rules are in ``accounts/permissions.py``.
"""
