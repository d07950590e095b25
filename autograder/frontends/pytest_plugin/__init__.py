"""pytest sees the checks of an exercise as tests: for `pytest` on the command line and editors' test explorers."""
