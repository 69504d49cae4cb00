"""Messages to people, each one kept."""
