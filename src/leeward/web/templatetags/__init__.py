"""How values are shown. Pure: no query, no clock."""
