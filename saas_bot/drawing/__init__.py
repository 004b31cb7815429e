"""Papers and charts: `process` has them drawn by a process of their own, which is the rest."""
