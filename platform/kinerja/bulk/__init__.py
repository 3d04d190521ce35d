"""A policy on a whole population: one plan of the compiled rules, small emitters of our own (DuckDB SQL, generated Python).

Reads the integer form of `engine.integer`, never FEEL; held bit-identical to the exact engine by tests. Knows no storage and no web.
"""
