"""What each primitive of the intermediate form means, over Python integers. Nothing here knows fractions, decimals or floats.

A pair (n, d) has d > 0; functions named r_… work on pairs. Errors are Fault with a code."""
