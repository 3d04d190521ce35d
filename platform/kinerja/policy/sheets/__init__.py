"""Rule files in a spreadsheet and back: one workbook, a sheet a file, nothing lost but comments and layout.

On import the workbook is checked as a rule set and compared with what is there; only files whose content differs are written.
"""

from .merge import Import, import_workbook, prepare_import
from .write import export_workbook

__all__ = ["Import", "export_workbook", "import_workbook", "prepare_import"]
