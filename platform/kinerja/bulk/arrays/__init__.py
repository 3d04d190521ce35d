"""The array emitter: a chain decision by decision on columns of whole numbers (numpy), a few thousand cases at a time.

It answers the cases in which nothing can fail and flags all others, like the SQL emitter; those are computed one by one, so
that an error bears the name, the item and the sentence that the exact engine gives it. Numbers are held in 64 bits only where
ranges prove that 64 bits are enough; elsewhere they are Python's own. No floats anywhere.
"""
