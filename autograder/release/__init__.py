"""The student's repository: what is in it, how it is made, and how it is opened."""
