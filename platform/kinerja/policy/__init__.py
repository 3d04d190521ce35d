"""Kinerja policy."""
