"""Other machines and outgoing documents. Must not know pages, commands or processes."""
