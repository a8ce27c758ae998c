"""The signal research path as a Python team has it: pandas in the loop, numpy by hand, numba, CPython with state, models, a service."""
