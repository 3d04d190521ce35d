"""Second pass: trees → typed parts of a policy (vocabulary, parameters, standards, decisions), every fault reported.

Each module builds one kind of part and returns it, or None when the part is too broken to reason about.
"""
