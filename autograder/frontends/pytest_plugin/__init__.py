"""pytest plugin: the checks of an exercise as tests, for the command line and editors' test explorers."""
