"""The city's processes: versions loaded, running cases moved to a newer one, and looking at both."""
