"""Organizations, locations, rooms, chairs, and the limits a medical director approves."""
