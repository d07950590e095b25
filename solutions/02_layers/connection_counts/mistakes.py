"""Connections and parameters: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

from autograder.spec import convention, mistake


@convention("dense_parameters")
def biases_counted(n, m):
    """One too many for every output neuron: the biases are in your count, as in the summaries of libraries. Here only
    the weights between two neurons are counted."""
    return (n + 1) * m


@mistake("dense_parameters")
def neurons_counted(n, m):
    """You counted the neurons. A weight belongs to a pair of them: how many pairs are there?"""
    return n + m


@mistake("dense_parameters")
def pairs_within_both_layers(n, m):
    """Every neuron is paired with every other, also with those of its own layer. Which pairs does the layer join?"""
    return (n + m) * (n + m - 1) // 2


@convention("conv_parameters")
def filter_biases_counted(kh, kw, c, n):
    """One too many for every filter: the biases are in your count, as in the summaries of libraries. Here only the
    weights are counted."""
    return (kh * kw * c + 1) * n


@mistake("conv_parameters")
def channels_forgotten(kh, kw, c, n):
    """Right for one input channel only. A filter is as deep as the image."""
    return kh * kw * n


@mistake("conv_parameters")
def filters_forgotten(kh, kw, c, n):
    """Right for one filter only. Each of the n filters has weights of its own."""
    return kh * kw * c


@mistake("conv_parameters")
def kernel_only(kh, kw, c, n):
    """You counted one slice of one filter. How many channels does a filter have, and how many filters are there?"""
    return kh * kw


@mistake("conv_parameters")
def square_kernel(kh, kw, c, n):
    """Right for square kernels only. Which of the two sides is counted twice?"""
    return kh * kh * c * n


@mistake("conv_parameters")
def channels_plus_filters(kh, kw, c, n):
    """Input and output channels were added. Every filter has a slice for every input channel."""
    return kh * kw * (c + n)


@mistake("dense_connections")
def each_neuron_with_one(n, m):
    """This joins each neuron to one other. Fully connected means: to all of the other layer."""
    return max(n, m)


@mistake("dense_connections")
def neurons_instead_of_pairs(n, m):
    """You counted the neurons. A connection is a pair of them: how many pairs are there?"""
    return n + m


@mistake("dense_connections")
def bias_is_a_connection(n, m):
    """One too many for every output neuron: a bias joins no two neurons."""
    return n * m + m


@mistake("conv_connections")
def padding_counted(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """Right without padding only: every window counts in full. The zeros of the padding are no neurons: how many
    neurons does a window hold that hangs over the border?"""
    return _full(height, kh, stride, pad) * kh * _full(width, kw, stride, pad) * kw * c * n


@mistake("conv_connections")
def padding_forgotten(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """Right without padding only: the windows that start in the padding are missing."""
    return _full(height, kh, stride, 0) * kh * _full(width, kw, stride, 0) * kw * c * n


@mistake("conv_connections")
def stride_forgotten(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """Right for stride 1 only. Where does the next window start otherwise?"""
    return _pairs(height, kh, 1, pad) * _pairs(width, kw, 1, pad) * c * n


@mistake("conv_connections")
def last_window_left_out(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """One row and one column of windows are missing. May a window end exactly where the padded image ends?"""
    return _pairs(height, kh, stride, pad, -1) * _pairs(width, kw, stride, pad, -1) * c * n


@mistake("conv_connections")
def window_at_every_pixel(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """Windows that hang over the far edge of the padded image are counted too. Where does the last window start?"""
    return _pairs(height, kh, stride, pad, kh - 1) * _pairs(width, kw, stride, pad, kw - 1) * c * n


@mistake("conv_connections")
def negative_overlap(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """Right for little padding. A window that lies wholly in the padding has no connection, but your count for it is
    negative."""
    return _signed(height, kh, stride, pad) * _signed(width, kw, stride, pad) * c * n


@mistake("conv_connections")
def square_image(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """Right for square images and kernels only: the rows are counted twice. Count the columns with width and kw."""
    return _pairs(height, kh, stride, pad) ** 2 * c * n


@mistake("conv_connections")
def one_input_channel(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """Right for one input channel only. A window reaches through all channels."""
    return _pairs(height, kh, stride, pad) * _pairs(width, kw, stride, pad) * n


@mistake("conv_connections")
def one_output_channel(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """Right for one filter only. Every filter has output neurons of its own."""
    return _pairs(height, kh, stride, pad) * _pairs(width, kw, stride, pad) * c


@mistake("conv_connections")
def everything_connected(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """This is the dense layer of the same size: every output joined to every input. An output of a convolution sees
    its window only."""
    return height * width * c * _full(height, kh, stride, pad) * _full(width, kw, stride, pad) * n


@mistake("conv_connections")
def shared_weights_counted(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """These are the parameters: the windows share them. Every window has connections of its own."""
    return kh * kw * c * n


@mistake("conv_connections")
def output_neurons_counted(height, width, kh, kw, c, n, *, stride=1, pad=0):
    """These are the output neurons. How many input neurons is each of them joined to?"""
    return _full(height, kh, stride, pad) * _full(width, kw, stride, pad) * n


def _full(size, window, stride, pad):
    return (size + 2 * pad - window) // stride + 1


def _pairs(size, window, stride, pad, more=0):
    starts = range(-pad, size + pad - window + 1 + more, stride)
    return sum(max(0, min(start + window, size) - max(start, 0)) for start in starts)


def _signed(size, window, stride, pad):
    starts = range(-pad, size + pad - window + 1, stride)
    return sum(min(start + window, size) - max(start, 0) for start in starts)
