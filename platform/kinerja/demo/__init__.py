"""The demo: an invented city, simulated people who act through the same services as real ones, and a summary.

Everything repeats: names, figures and events come from a seed, instants from a fixed clock. Nothing here may touch a city
that is not a demo city.
"""
