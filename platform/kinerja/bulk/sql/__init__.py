"""The DuckDB emitter: a chain as one query over whole numbers.

It answers the cases in which nothing can fail and flags all others; those are computed one by one, so that an error bears the
name, the item and the sentence that the exact engine gives it. Flagging too many costs time, never an answer.
"""
