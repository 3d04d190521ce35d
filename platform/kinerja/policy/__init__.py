"""Rule files → policy: source, check, compile, proof, difference.

Takes a folder of rule files and gives back diagnostics and, when there is no error among them, one frozen `Policy` with a
fingerprint over its meaning. It knows FEEL and the vocabulary of the domain; it does not evaluate cases, store or draw anything.
"""

from .compile import CheckReport, check_policy, load_policy, located
from .diagnostics import Diagnostic, Severity
from .examples import ExampleResult, ExampleRun, run_example, run_examples
from .facts import CaseFacts, admit_case, admit_given
from .model import Policy
from .show import as_json, as_text
from .standards import applicable, standard_for

__all__ = [
    "CaseFacts",
    "CheckReport",
    "Diagnostic",
    "ExampleResult",
    "ExampleRun",
    "Policy",
    "Severity",
    "admit_case",
    "admit_given",
    "applicable",
    "as_json",
    "as_text",
    "check_policy",
    "load_policy",
    "located",
    "run_example",
    "run_examples",
    "standard_for",
]
