"""What a student's own functions draw: each cell stands in the notebook behind the check of the exercise it names."""

# %% l1_penalty
# The price of one weight, under each penalty.
w = np.linspace(-2, 2, 81)
price = {"l1_penalty": l1_penalty, "l2_penalty": l2_penalty}
plots.curves(
    {name: [penalty(np.array([value]), strength=0.5) for value in w] for name, penalty in price.items()},
    w, xlabel="weight", ylabel="penalty",
)

# %% dropout
# A new mask for every step: who is away is 0, who is there counts for more.
plots.matrix(dropout_mask((6, 10), p=0.5, rng=np.random.default_rng(0)), "one mask", xlabel="units", ylabel="rows")

# %% batchnorm
# A batch before and after your layer.
x = np.random.default_rng(0).normal([0.0, 4.0, -3.0], [1.0, 0.4, 2.5], (512, 3))
ones, zeros = np.ones(3), np.zeros(3)
plots.spread({"before": x, "after": batchnorm_train(x, ones, zeros, zeros, ones)[0]})
