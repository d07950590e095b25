"""Pages as HTML: the feedback page and the panel in a notebook of a report, and the page of a class."""

from autograder.render.html.class_page import class_page_html
from autograder.render.html.classroom import Classroom, summarize
from autograder.render.html.feedback import panel, report_html

__all__ = ["Classroom", "class_page_html", "panel", "report_html", "summarize"]
