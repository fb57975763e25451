"""`dataclass` as in the standard library, made when the first value is wanted, and with one function compiled, not six.

There are four hundred classes of values; what the standard library writes and compiles for each takes half a millisecond
or more, and a start needs values of few. To whoever reads or checks the code it is the standard library's, always with
`slots=True`: equal, frozen, shown, copied, replaced and looked at by `fields` as there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, slots: bool, frozen: bool = False, kw_only: bool = False) -> Callable[[type], type]:
        """The decorator, with arguments of the standard library's. slots: True."""
        if not slots:
            raise TypeError("without slots, take the dataclass of the standard library")
        return lambda plain: _with_slots(plain, frozen, kw_only)


def _with_slots(plain: type, frozen: bool, kw_only: bool) -> type:
    """The class again, with slots. The functions come at its first use: a value made, one restored, its fields asked for."""
    inherited = {name for base in plain.__mro__[1:] for name in getattr(base, "__slots__", ())}
    parts = {name: part for name, part in vars(plain).items() if name not in ("__dict__", "__weakref__")}
    slots = {"__slots__": tuple(name for name in plain.__annotations__ if name not in inherited)}
    value = type(plain)(plain.__name__, plain.__bases__, {name: part for name, part in parts.items() if name not in plain.__annotations__} | slots)
    value.__qualname__ = plain.__qualname__

    def finish() -> None:
        """Twice is once, in whatever thread."""
        described = type(plain)(plain.__name__, plain.__bases__, {**parts, "__doc__": plain.__doc__ or plain.__name__})
        described = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(described)
        known = {name: vars(described)[name] for name in ("__match_args__", "__dataclass_params__", "__dataclass_fields__")}
        for name, part in {**_functions(value, dataclasses.fields(described), frozen), **known}.items():
            if name not in parts:
                setattr(value, name, part)
        value.__init__ = _init(value, dataclasses.fields(described))  # type: ignore[misc]  # at last: whoever sees it sees all

    def first(self: Any, *given: Any, **named: Any) -> None:
        finish()
        value.__init__(self, *given, **named)  # type: ignore[misc]

    def restored(self: Any, state: Any) -> None:
        finish()
        value.__setstate__(self, state)  # type: ignore[attr-defined]

    class Fields:
        def __get__(self, _one: object, _kind: type) -> Any:
            finish()
            return vars(value)["__dataclass_fields__"]

    for name, waiting in {"__init__": first, "__setstate__": restored, "__dataclass_fields__": Fields()}.items():
        setattr(value, name, waiting)
    return value


def _functions(value: type, fields: tuple[dataclasses.Field[Any], ...], frozen: bool) -> dict[str, Any]:
    names = [field.name for field in fields]
    compared = [field.name for field in fields if field.compare]
    inside: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda self: ()

    def __eq__(self: Any, other: object) -> bool:
        return inside(self) == inside(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(inside(self))

    def __repr__(self: Any) -> str:
        shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields if field.repr)
        return f"{self.__class__.__qualname__}({shown})"

    def __getstate__(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def __setstate__(self: Any, state: list[Any]) -> None:
        for name, part in zip(names, state, strict=True):
            object.__setattr__(self, name, part)

    def __setattr__(self: Any, name: str, part: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self: Any, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    made = {"__eq__": __eq__, "__hash__": __hash__ if frozen else None, "__repr__": __repr__, "__getstate__": __getstate__, "__setstate__": __setstate__}
    return made | {"__setattr__": __setattr__, "__delattr__": __delattr__} if frozen else made


def _init(value: type, fields: tuple[dataclasses.Field[Any], ...]) -> Any:
    """The one function that is compiled: values are made by the hundred thousand, so it is as quick as one written by hand."""
    known: dict[str, Any] = {"_missing": dataclasses.MISSING}
    taken: list[str] = []
    named: list[str] = []
    lines: list[str] = []
    for field in fields:
        name, asked = field.name, field.name
        known[f"_set_{name}"] = getattr(value, name).__set__
        if field.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = field.default
            asked = f"{name}=_default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = field.default_factory
            asked = f"{name}=_missing"
            lines.append(f" if {name} is _missing: {name} = _make_{name}()")
        (named if field.kw_only else taken).append(asked)
        lines.append(f" _set_{name}(self, {name})")
    arguments = ["self", *taken, *(["*", *named] if named else [])]
    exec("\n".join([f"def __init__({', '.join(arguments)}):", *(lines or [" pass"])]), known)
    known["__init__"].__qualname__ = f"{value.__qualname__}.__init__"
    return known["__init__"]
