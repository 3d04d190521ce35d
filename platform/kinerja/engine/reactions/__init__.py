"""Reactions: patterns over several happenings of a case, in any order, matched by rete and by a naive matcher that must agree.

Reads reaction files and gives back what fires, with the facts that made it and an idempotency key; it sends and stores nothing."""

from .model import Happening, Reacted, Reaction
from .reactor import Reactor
from .read import load_reactions

__all__ = ["Happening", "Reacted", "Reaction", "Reactor", "load_reactions"]
