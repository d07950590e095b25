"""One submission's feedback as a page that needs nothing but itself."""

from autograder.render.sheet.page import sheet_html

__all__ = ["sheet_html"]
