"""Formulas as statements and hints write them, read once and set in any notation: `reader` reads, an `Ink` sets.

    s[i] = b + sum over d of x[i, d] * w[d]

Python's operators, `^` for powers, `|x|`, `.T`, `sum over i of`, `mean of`, `max of`, `1 if x > 0 else 0`,
`v becomes w`, `____` for a hole. A text that is more prose than formula is none.
"""

from autograder.formula.reader import Ink, NoFormula, read

__all__ = ["Ink", "NoFormula", "read"]
