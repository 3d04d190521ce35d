"""The city's rules: drafts, review, simulation, releases on their way and in force, and what a change touches."""
