"""One submission's feedback as a page that needs nothing but itself."""

from autograder.render.html.page import report_html

__all__ = ["report_html"]
