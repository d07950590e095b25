"""Keep jsonschema from compiling grammars for two seconds in each process that imports it or nbgrader.

They are those of internationalized addresses, a format that no schema here asks for.
"""

from __future__ import annotations

import sys

WITHOUT = "import sys\nsys.modules['rfc3987_syntax'] = None\n"
"""To be run first in such a process."""

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
