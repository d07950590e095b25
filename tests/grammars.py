"""Keep jsonschema from compiling grammars for two seconds in each process that imports it or nbgrader.

They are those of internationalized addresses, a format that no schema here asks for.
"""

from __future__ import annotations

WITHOUT = "import sys\nsys.modules['rfc3987_syntax'] = None\n"
"""Code that does the same, to be run first in another process."""

exec(WITHOUT)
