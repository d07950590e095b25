"""A report, or a class of reports, as text for a person or a program: pure functions of the record."""
