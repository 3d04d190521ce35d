"""The rete engine: a policy as durable_rules rulesets, run in a process of its own that may be killed.

`kernel` alone knows the library and keeps its use inside what was found sound; actions compute with the integer form.
"""

from .spare import prepare_soon
from .worker import Pending, Worker

__all__ = ["Pending", "Worker", "prepare_soon"]
