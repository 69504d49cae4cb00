"""Charts as SVG from values: the same function serves the page, the PDF and the command line.

Each chart has a `draw_...` and a `describe_...` (its one-sentence text alternative). Must not know
the database, the clock, the page or any other layer; the time of day arrives with the values.
"""
