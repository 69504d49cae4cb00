"""Documents that leave the house: the signed note, its PDF, its signature."""
