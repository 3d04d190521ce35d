"""Kinerja ingest."""
