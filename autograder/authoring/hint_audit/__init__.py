"""How often is what a diagnosis says true? Known mistakes, two at once and mutants are told, then put to the test."""
