"""A simulated patient and pump, for the demo, for training and for tests. Marked as simulation.

The numbers by which vital signs answer here are INVENTED (`responses.py`): they look like a person
so that staff can practise, and mean nothing clinically. They are out of reach of every piece of
advice: nothing below `exchange` can import this package, and a test names the few above that do.
Only the drug level comes from a published set, as it does everywhere.
"""
