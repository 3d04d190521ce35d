"""A DMN model that any editor wrote → rule files, within what these can hold; the rest is refused by name.

names      DMN's names (with blanks, capitals) → names of rule files
types      item definitions → types of facts and outputs
plain      boxed expressions → plain syntax trees
scope      what a name means in an element; rewriting of its expressions
elements   decisions and knowledge models → rule files
bring      the whole model
prepare    beside a folder of rule files: what it would change
"""

from .bring import Brought, bring
from .prepare import Foreign, prepare_foreign

__all__ = ["Brought", "Foreign", "bring", "prepare_foreign"]
