"""Appointments, and the slots that make a chair impossible to book twice."""
