"""People and machines that sign in, their roles, and identities confirmed for two-person acts."""
