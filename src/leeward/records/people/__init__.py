"""Patients and those who belong to them."""
