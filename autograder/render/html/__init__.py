"""A report as HTML: the feedback page, a self-contained file, and the panel in a notebook."""

from autograder.render.html.page import panel, report_html

__all__ = ["panel", "report_html"]
