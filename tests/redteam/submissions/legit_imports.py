"""Import half of the standard library and NumPy's corners, start a thread, make a temporary file; right."""

import abc, argparse, array, ast, base64, bisect, calendar, cmath, collections, contextlib, copy, csv, dataclasses
import datetime, decimal, enum, fractions, functools, gc, hashlib, heapq, inspect, io, itertools, json, logging, math
import numbers, operator, os, pathlib, pickle, queue, random, re, statistics, string, struct, sys, tempfile, textwrap
import threading, time, timeit, traceback, types, typing, unittest, uuid, warnings, weakref, zlib

import numpy as np
import numpy.linalg
import numpy.ma
import numpy.testing


def scale_forward(x, w):
    done = []
    thread = threading.Thread(target=lambda: done.append(np.ma.masked_invalid(x).filled(0.0)))
    thread.start()
    thread.join()
    np.testing.assert_allclose(np.linalg.norm(done[0]), np.linalg.norm(x))
    with contextlib.suppress(FileNotFoundError):  # without a private /tmp there is no folder for temporary files
        with tempfile.TemporaryFile() as file:
            file.write(pickle.dumps(done))
    logging.getLogger("student").debug("scaled %s", x.shape)
    return x * w
