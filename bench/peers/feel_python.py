"""Other FEEL evaluators for Python, run in an environment of their own: `feel_python.py bkflow|pysfeel|zen|zen-compiled`.

Each line on stdin is a number of rounds; a round evaluates every expression once; an answering line says how many
came out as expected.
"""

import json
import logging
import sys

logging.disable(logging.CRITICAL)
CASES = json.loads(sys.argv[2])
"""[[expression, expected], …]; the variable x is 3."""


def bkflow(expressions):
    from bkflow_feel.api import parse_expression

    return [lambda text=text: parse_expression(text, {"x": 3}) for text in expressions]


def pysfeel(expressions):
    import pySFeel

    parser = pySFeel.SFeelParser()
    parser.sFeelParse("x <- 3")
    return [lambda text=text: parser.sFeelParse(text)[1] for text in expressions]


def zen(expressions):
    import zen as engine

    return [lambda text=text: engine.evaluate_expression(text, {"x": 3}) for text in expressions]


def zen_compiled(expressions):
    import zen as engine

    compiled = [engine.compile_expression(text) for text in expressions]
    return [lambda expression=expression: expression.evaluate({"x": 3}) for expression in compiled]


ENGINES = {"bkflow": bkflow, "pysfeel": pysfeel, "zen": zen, "zen-compiled": zen_compiled}
runs = ENGINES[sys.argv[1]]([expression for expression, _ in CASES])

for line in sys.stdin:
    for _ in range(int(line)):
        values = [run() for run in runs]
    print(sum(value == expected for value, (_, expected) in zip(values, CASES, strict=True)), flush=True)
