"""Pure rules: the standard library and `core.errors` only."""
