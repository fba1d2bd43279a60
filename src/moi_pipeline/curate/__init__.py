"""From extracted records to curated tables: runs ``queries/`` in DuckDB and publishes the result whole."""
