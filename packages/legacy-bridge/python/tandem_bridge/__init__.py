"""The Python side of a migrated order path: send orders to the engine's gateway, read its reports."""

__version__ = "0.1.0"
