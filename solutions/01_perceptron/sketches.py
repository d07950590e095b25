"""What a student's own functions draw: each cell stands in the notebook behind the check of the exercise it names."""

# %% perceptron
# Your perceptron learns: run this cell again with more passes, until nobody is on the wrong side.
passes = 4
x = np.array([[2.0, 1.0], [1.5, 2.5], [3.0, 2.0], [2.5, 3.5], [0.5, 3.0], [-1.0, 1.0], [0.0, 0.5], [-0.5, 2.5]])
y = np.array([1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
w, b = np.array([0.0, 1.0]), -2.0
for _ in range(passes):
    w, b = perceptron_update(x, y, w, b, lr=0.5)
plots.regions(lambda points: perceptron_forward(points, w, b), x, y, title=f"after {passes} passes")

# %% mlp
# Two lines together decide what no single line can: exclusive or.
corners, xor = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
weights = [np.array([[10.0, 10.0], [10.0, 10.0]]), np.array([[10.0], [-10.0]])]
biases = [np.array([-5.0, -15.0]), np.array([-5.0])]
plots.regions(lambda points: mlp_forward(points, weights, biases), corners, xor, title="exclusive or")
