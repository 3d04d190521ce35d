"""Third pass: what holds across parts: names, types, dates, standards, the requirements graph, use, limits."""
