"""Bedside devices: adapters that read, and the one message they all speak.

Adapters only ever read. None of them may hold a way to write to a monitor or a pump.
"""
