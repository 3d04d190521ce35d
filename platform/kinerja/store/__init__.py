"""What Kinerja remembers: peewee models on SQLite or PostgreSQL, migrations, and the append-only ledger.

Knows no rules, processes or letters; services decide what is written, in one transaction an act.
"""
