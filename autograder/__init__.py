"""handgrad's engine: checks hand-written deep learning and says which mistake was made."""

__version__ = "0.1.0"
