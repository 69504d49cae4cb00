"""Forms check shape; use cases check sense."""
