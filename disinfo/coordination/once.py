"""A property that is computed once, without a lock.

`functools.cached_property` holds one lock a class up to Python 3.11, so that threads which work on
different halves of the posts would wait for each other. Two threads that come at the same moment
compute the same value twice, and either may be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class once(Generic[Value]):
    """Keep what a method of no arguments returns, by instance.

    Parameters
    ----------
    method
        The method; its value must depend on the instance alone.

    Notes
    -----
    Fails on classes with ``__slots__``: there is nowhere to keep the value.

    Examples
    --------
    >>> class Circle:
    ...     @once
    ...     def centre(self):
    ...         print("computed")
    ...         return (0, 0)
    >>> circle = Circle()
    >>> circle.centre
    computed
    (0, 0)
    >>> circle.centre
    (0, 0)
    """

    def __init__(self, method: Callable[..., Value]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type | None = None) -> Value:
        # Without __set__ the instance's own entry is found first from now on.
        value = self._method(instance)
        instance.__dict__[self._name] = value
        return value
