"""Kinerja letters."""
