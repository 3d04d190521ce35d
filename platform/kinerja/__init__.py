"""Kinerja: workflow and rules-engine platform for performance-based management of civil-service positions."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("kinerja")
except PackageNotFoundError:  # a bare checkout on the path, never installed
    __version__ = "0.0.0+checkout"
