"""The smallest Django program that does the same work in the database: no login, no translation, no audit.

It is no product and no example. Archway is measured beside it because only a ratio carries from one machine to another.
"""
