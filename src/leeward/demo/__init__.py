"""The invented clinic: people, approvals and recorded data, each with its licence."""
