"""Kinerja engine."""
