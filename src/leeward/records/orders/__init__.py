"""Care plans and the medication requests made under them."""
