"""Kinerja feel."""
