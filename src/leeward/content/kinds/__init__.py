"""One module for each kind of content: what its documents look like and what they become.

A kind is plugged in by being here. See ``content/README.md``.
"""
