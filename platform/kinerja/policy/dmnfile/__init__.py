"""Rule files as one DMN 1.3 model and back: tables, formulas, requirements and types as DMN has them, the rest as extensions.

What another DMN editor changes in a table, formula or step comes back into the rule file; what DMN cannot hold is kept beside it.
"""

from .read import prepare_import
from .write import export_model

__all__ = ["export_model", "prepare_import"]
