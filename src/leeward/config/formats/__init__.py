"""Number formats by language."""
