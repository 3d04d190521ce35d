"""The web console: Flask, Flask-Admin on peewee, Flask-Security. It shows what services answer and asks services for every change.

Nothing here decides: permissions, transactions, ledger entries and numbers belong to the services and the rules below them.
"""

from .app import create_app

__all__ = ["create_app"]
