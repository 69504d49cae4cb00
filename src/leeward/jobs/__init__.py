"""Processes with a clock: supervisor, alarm engine, device gateway, scheduled work.

Reach the settings by name only, read through selectors and write through use cases.
"""
