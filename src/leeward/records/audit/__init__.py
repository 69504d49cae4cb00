"""Who did or saw what, hash-chained. Holds bare ids and knows nobody."""
