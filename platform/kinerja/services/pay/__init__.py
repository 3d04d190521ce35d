"""An agency's monthly allowances: whom, from which facts, lines with corrections, the run's way, and its list on paper."""
