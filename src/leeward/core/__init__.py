"""The ground floor: pure functions over frozen values.

Knows arithmetic, pharmacology and clinical logic. Must not know a framework, a file, a clock,
a random source, a thread or any other part of Leeward: those arrive as arguments.
"""
