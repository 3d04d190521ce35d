"""Kinerja services."""
