"""Numbers have a point in both languages: a decimal comma beside a dose is a hazard."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
