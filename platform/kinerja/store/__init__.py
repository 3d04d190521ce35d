"""Kinerja store."""
