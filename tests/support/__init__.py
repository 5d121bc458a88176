"""Help for tests that need real processes and services."""
