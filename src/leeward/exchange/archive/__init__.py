"""Keeping and leaving: sealed backups that restore, and everything written out to take away."""
