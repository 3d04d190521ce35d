"""DMN 1.1–1.5: .dmn files read safely and run in standard FEEL, and the runner of the DMN conformance kit. It knows FEEL
and the core, nothing of the product's own rule files."""

from .evaluate import Evaluator, Problem
from .exchange import explain_decision, from_json, run_decision, to_json
from .model import Model
from .read import read_model

__all__ = ["Evaluator", "Model", "Problem", "explain_decision", "from_json", "read_model", "run_decision", "to_json"]
