"""The worked cases of reaction files, through both matchers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...core.errors import KinerjaError
from ...policy.examples import ReactionResult
from .reactor import Reactor

if TYPE_CHECKING:
    from ..engine import Engine


def run_reactions(engine: Engine, names: Iterable[str] | None = None) -> tuple[ReactionResult, ...]:
    """Every case of these reactions (all when None). A case speaks of its own reaction: keys of others do not count."""
    chosen = [one for one in engine.policy.reactions if names is None or one.name in set(names)]
    reactor, found = Reactor(engine), []
    for reaction in chosen:
        for example in reaction.examples:
            try:
                reacted = reactor.react(example.given, example.on)
            except KinerjaError as error:
                found.append(ReactionResult(reaction.name, example, (), error.text_id, error.text_en))
                continue
            mine = [one.match.key.partition(":")[2] for one in reacted if one.match.reaction == reaction.name]
            found.append(ReactionResult(reaction.name, example, tuple(mine)))
    return tuple(found)
