"""Operators and scientists at a terminal. Each command is a module with `add_parser` and `run`.

Results go to stdout, progress and diagnostics to stderr. Exit 0: done, whatever the finding;
1: refused or unusable input; 2: bad usage.
"""
