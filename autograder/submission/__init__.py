"""From what a student handed in to text: nothing is executed, unpacked, parsed or followed."""
