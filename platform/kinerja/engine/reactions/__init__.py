"""Reactions: patterns over several happenings of a case, in any order, matched by rete and by a naive matcher that must agree.

    reactor = Reactor(engine)                               # one for a release; the engine's policy holds the reactions
    for reacted in reactor.react(happenings, on, known):    # known: keys acted upon before
        reacted.match.key                                   # idempotency key: "pembinaan_dua_bulan:2026-02"
        reacted.reaction.then                               # act (task, notice, flag), name, role, text
        reacted.level                                       # what the decision says at the threshold: "teguran_lisan", or ""
        reacted.happenings, reacted.text_id, reacted.text_en

A `Happening(id, kind, on, values)` is of a kind that the file names under `events:`; kinds that no reaction reads are passed
over. Values are Fraction (or int), str, bool, date or None. Nothing is sent or stored here: whoever asks keeps the keys.
"""

from .examples import run_reactions
from .model import Happening, Match, Reacted, Reaction
from .reactor import Reactor, react

__all__ = ["Happening", "Match", "Reacted", "Reaction", "Reactor", "react", "run_reactions"]
