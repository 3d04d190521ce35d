"""The vocabulary of the domain: numbers, dates, facts, findings and errors.

Standard library only. Everything above imports from here; nothing here knows rule files, engines, storage or screens.
"""
