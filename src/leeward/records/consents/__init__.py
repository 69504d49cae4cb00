"""Which text a person agreed to, when, and whether it is still in force."""
