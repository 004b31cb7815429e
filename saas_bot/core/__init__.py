"""Cross-cutting parts: they know no table and no screen."""
