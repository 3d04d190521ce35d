"""Rule files as one DMN 1.3 model and back: tables, formulas, requirements and types as DMN has them, the rest as extensions.

What another DMN editor changes in a table, formula or step comes back into the rule file; what DMN cannot hold is kept beside it.
A model that another tool wrote has no such extensions: `foreign` makes rule files of it, within what they can hold.
"""

from .foreign import Foreign, prepare_foreign
from .read import is_own, prepare_import
from .write import export_model

__all__ = ["Foreign", "export_model", "is_own", "prepare_foreign", "prepare_import"]
