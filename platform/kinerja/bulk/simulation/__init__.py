"""A draft of rules against the rules in force, on one population: movers, money, distribution, fairness; words and charts."""

from .chart import charts
from .compare import EMPLOYEE, MONTH, simulate
from .model import GROUPS, SMALLEST, TOGETHER, Budget
from .result import Simulation

__all__ = ["EMPLOYEE", "GROUPS", "MONTH", "SMALLEST", "TOGETHER", "Budget", "Simulation", "charts", "simulate"]
