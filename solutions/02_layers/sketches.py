"""What a student's own functions draw: each cell stands in the notebook behind the check of the exercise it names."""

# %% leaky_relu
# Your activations: what forward makes of a number, and the slope that backward multiplies by.
plots.activations(
    (sigmoid_forward, sigmoid_backward),
    (tanh_forward, tanh_backward),
    (relu_forward, relu_backward),
    leaky_relu=(lambda x: leaky_relu_forward(x, slope=0.1), lambda dout, x: leaky_relu_backward(dout, x, slope=0.1)),
)

# %% conv2d
# Three filters that people have drawn by hand: upright edges, level edges, and a blur. Try your own numbers.
edges = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
drawn = np.stack([edges, edges.T, np.full((3, 3), 1 / 9)], axis=-1)[:, :, None, :]
plots.filters(drawn)

# %% conv2d
# What your layer makes of a picture with each of them.
rows, columns = np.mgrid[-1:1:48j, -1:1:48j]
ring, stick = abs(np.hypot(rows, columns) - 0.65) < 0.12, (abs(rows - columns) < 0.1) & (abs(rows) < 0.4)
picture = (ring | stick).astype(float)[None, :, :, None]
maps = conv2d_forward(picture, drawn, np.zeros(3), pad=1)
plots.feature_maps(np.concatenate([picture, maps], axis=-1), ["the picture", "upright edges", "level edges", "blurred"])

# %% avg_pool2d
# The same picture pooled: a quarter of the width and height is left.
small = max_pool2d_forward(picture, window=4, stride=4), avg_pool2d_forward(picture, window=4, stride=4)
plots.images(np.concatenate(small), ["maximum of 4 × 4", "mean of 4 × 4"])

# %% conv_matrix
# Zeros are connections that do not exist; equal colours are the same weight.
plots.matrix(conv_matrix(np.array([1.0, 2.0, 3.0]), 8, pad=1), "a convolution as a matrix", ylabel="in", xlabel="out")
