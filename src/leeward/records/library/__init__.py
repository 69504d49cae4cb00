"""The public library: its index and search, and which articles a clinic's director has approved.

The files of `content/library` are the truth; what is stored here can be made again from them,
the approvals excepted. Searching needs no database: see `search`.
"""
