"""`python -m kinerja`: the command line."""

from .cli import main

main()
