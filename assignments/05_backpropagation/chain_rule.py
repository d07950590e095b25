"""The chain rule on a graph of three numbers.

A formula is a graph: every operation is a node that takes numbers and sends one on. Forward fills in the numbers.
Backward starts at the end with the gradient 1 and walks back: each node takes the gradient of its output, multiplies
it by its own small derivatives, and hands the products to its inputs. No node needs to know the others, and that is
how a network of millions of nodes is trained.
"""

# Check it:  handgrad check chain_rule


def graph_forward(x: float, y: float, z: float) -> float:
    """Compute f = (x + y) * max(z, x), for three numbers.

    As a graph, where x goes two ways:

        q = x + y        m = max(z, x)        f = q * m

    By hand, with x = 1, y = 2, z = 4: q = 3, m = 4, f = 12.

    >>> graph_forward(1.0, 2.0, 4.0)
    12.0
    """
    raise NotImplementedError("write graph_forward")


def graph_backward(x: float, y: float, z: float) -> tuple[float, float, float]:
    """Compute the partial derivatives of f with respect to x, y and z, three numbers.

    The arguments are exactly those of forward; compute q and m again. Returns (dx, dy, dz), from the back to the
    front by the chain rule df/dx = df/dh * dh/dx:

        product: each factor receives the gradient times the other factor
        sum:     both terms receive the gradient as it is
        max:     the larger number receives the gradient, the other one 0
        fan-out: a number that was used twice receives the sum of both

    z and x are never equal here: max has a corner there and no derivative.

    By hand, with x = 1, y = 2, z = 4: q receives m = 4, m receives q = 3. The sum gives 4 to x and 4 to y, the max
    gives 3 to z and nothing to x. With x = 5, y = 2, z = 4: q receives 5, m receives 7, and x is the larger one now,
    so it gets 5 from the sum and 7 from the max.

    >>> dx, dy, dz = graph_backward(1.0, 2.0, 4.0)
    >>> float(dx), float(dy), float(dz)
    (4.0, 4.0, 3.0)
    >>> dx, dy, dz = graph_backward(5.0, 2.0, 4.0)
    >>> float(dx), float(dy), float(dz)
    (12.0, 5.0, 0.0)
    """
    raise NotImplementedError("write graph_backward")
