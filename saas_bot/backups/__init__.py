"""Backups of the database: made whole or not at all, proven by restoring them, and restored.

docs/decisions/0022-backups.md tells how and why; docs/operations.md how to use them.
"""
