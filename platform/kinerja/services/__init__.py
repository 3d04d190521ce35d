"""What people can do, a package a subject: each act checks its permission, runs in one transaction and leaves a ledger entry.

The console, the command line and the demo act only through here; nothing here knows a screen. Acts answer with a `views.Receipt`,
questions with the other frozen values of `views`.

The modules that stand here, not in a package, are what all packages stand on (`city`, `context`, `acts`, `flow`, `reading`, …), and
`operations` above them all: what a process file may name.
"""

from .city import City
from .context import SYSTEM, Actor, Context
from .views import Receipt

__all__ = ["SYSTEM", "Actor", "City", "Context", "Receipt"]
