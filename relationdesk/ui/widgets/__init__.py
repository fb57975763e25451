"""The small parts all pages are built from. Each takes the `Look` first and knows no service and no database."""
