"""PostgreSQL: the engine, the two session doors and the tables."""
