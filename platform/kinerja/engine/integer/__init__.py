"""The integer form: checked FEEL lowered to arithmetic on whole numbers, for engines that hold no rationals.

It reads the syntax tree and the compiled policy, and shares nothing with the FEEL evaluator; expressions outside the
portable subset are refused with the reason (NotPortable)."""

from .errors import Fault, NotPortable
from .plan import DecisionPlan, plan
from .program import CompiledDecision, Env, Program, compile_decision, parameters_on

__all__ = [
    "CompiledDecision",
    "DecisionPlan",
    "Env",
    "Fault",
    "NotPortable",
    "Program",
    "compile_decision",
    "parameters_on",
    "plan",
]
