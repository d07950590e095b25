"""Return a dict whose key ends a table, starts a script, moves a cursor and reverses the line."""


_KEY = "\x1b]0;x\x07\r\n::error::</td><script>alert(1)</script>=cmd|' /C calc'!A0\u202e`x` [x](javascript:alert(1))"


def scale_forward(x, w):
    return {_KEY: 1}
