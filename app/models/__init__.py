"""One noun per file: its columns, its constraints and the queries on it."""
