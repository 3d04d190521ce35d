"""Kinerja process."""
