"""Leeward runs ketamine therapy from the first question to the last follow-up.

Read the folders from `core` upwards: nothing lower knows anything higher.
"""

__version__ = "0.1.0"
