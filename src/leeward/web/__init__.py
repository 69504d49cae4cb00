"""People: pages, forms, templates. One module per page.

Reads through selectors, writes through use cases. Must not import a model.
"""
