"""The tests, on real PostgreSQL, Valkey and S3 that they start themselves."""
