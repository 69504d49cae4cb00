"""Controlled drugs: products, stores, containers and the double-entry ledger."""
