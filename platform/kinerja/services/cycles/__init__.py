"""Evaluation cycles: templates, planning, opening, advancing, pausing, reminders, closing; and playing one before it opens."""
