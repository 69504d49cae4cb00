"""Settings and wiring: the only place that knows every adapter. Nobody below imports it."""
