"""A small book of neural network layers in vectorized NumPy, one topic a file.

Every function is pure: it never changes its inputs, keeps no state, and returns new arrays of the inputs' precision.
A backward takes the upstream gradient `dout`, then exactly the inputs of its forward, and returns one gradient per
input. Images are (B, H, W, C), kernels (KH, KW, C, N).
"""
