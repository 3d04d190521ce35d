"""The command line: one click group a module, over the services. Answers go to stdout, progress and notes to stderr."""

from .main import main

__all__ = ["main"]
