"""Prints the names of pygame and Python that the editor knows: python3 collect.py > names.json

Run it with the Python and pygame of the game image. The names come from the modules themselves, the parameters and results from pygame's
type stubs. A value is the kind of a name:

    "(size, flags=0)->Surface"   a function and the class of its result
    "class(left, top)"           a class, listed in "classes" as well if a game uses its members; "class" if the parameters are not known
    "module"                     a module, listed in "modules"
    ":Rect"                      a value of a known class
    ""                           any other value
"""

import ast
import builtins
import importlib
import inspect
import json
import os
import sys

os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")

import pygame  # noqa: E402

PYGAME_MODULES = (
    "camera color cursors display draw event font freetype gfxdraw image joystick key locals mask math midi mixer mixer_music mouse "
    "pixelarray pixelcopy rect scrap sndarray sprite surface surfarray time transform version"
).split()

# Modules of Python that games import. Their names are only listed.
PYTHON_MODULES = (
    "random math sys time os os.path json itertools functools collections string datetime copy pathlib enum dataclasses statistics "
    "operator heapq bisect textwrap colorsys fractions decimal csv pickle re uuid"
).split()

CLASSES = (
    "Surface Rect Color Vector2 Vector3 Event Clock Font Sound Channel Sprite DirtySprite Group GroupSingle LayeredUpdates LayeredDirty "
    "Mask Joystick PixelArray Cursor"
).split()
PYTHON_CLASSES = (str, list, dict, set, tuple, int, float)
# Attributes of events, which pygame sets by the type of the event.
EVENT = "type dict key mod unicode scancode pos rel button buttons touch text start length x y w h size axis value hat instance_id gain state"
SPRITE = {"image": ":Surface", "rect": ":Rect", "mask": ":Mask", "radius": ""}


def stub_of(module: str) -> dict[str, ast.AST]:
    """Returns the definitions of a module's type stub by name; the first one of several."""
    path = os.path.join(os.path.dirname(pygame.__file__), f"{module}.pyi")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return definitions(ast.parse(file.read()).body)


def definitions(body: list[ast.stmt]) -> dict[str, ast.AST]:
    found: dict[str, ast.AST] = {}
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.setdefault(node.name, node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.setdefault(node.target.id, node)
    return found


def class_of(annotation: ast.AST | None) -> str:
    """Returns the class that an annotation means, "[Event]" for a list of them, or nothing."""
    if annotation is None:
        return ""
    text = ast.unparse(annotation).replace("pygame.", "")
    for optional in ("Optional[", "Union["):
        if text.startswith(optional):
            text = text[len(optional):-1].split(",")[0]
    if text.startswith(("List[", "Sequence[")):
        inner = text[text.index("[") + 1:-1]
        return f"[{inner}]" if inner in CLASSES or inner in ("str", "int", "float") else "list"
    if text.startswith("Tuple["):
        return "tuple"
    if text.startswith("Dict["):
        return "dict"
    known = {kind.__name__ for kind in PYTHON_CLASSES} | {"bool", "bytes"}
    return text if text in CLASSES or text in known else ""


def parameters_of(node: ast.FunctionDef) -> str:
    """Returns the parameters as a person writes them, without self and types."""
    arguments = node.args
    positional = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    parts = []
    for argument, default in zip(positional, defaults):
        if argument.arg in ("self", "cls"):
            continue
        text = "" if default is None else ast.unparse(default)
        parts.append(argument.arg if default is None else f"{argument.arg}={'…' if text == '...' else text}")
    if arguments.vararg:
        parts.append(f"*{arguments.vararg.arg}")
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        parts.append(argument.arg if default is None else f"{argument.arg}={ast.unparse(default)}")
    return ", ".join(parts)


def kind_of(value: object, node: ast.AST | None) -> str:
    if isinstance(value, type(sys)):
        return "module"
    if isinstance(node, ast.FunctionDef):
        if any(isinstance(mark, ast.Name) and mark.id == "property" for mark in node.decorator_list):
            return f":{class_of(node.returns)}"
        return f"({parameters_of(node)})->{class_of(node.returns)}"
    if isinstance(node, ast.AnnAssign):
        return f":{class_of(node.annotation)}"
    if isinstance(value, type):
        makers = [part for part in getattr(node, "body", []) if isinstance(part, ast.FunctionDef) and part.name == "__init__"]
        return f"class({parameters_of(max(makers, key=lambda maker: len(maker.args.args)))})" if makers else "class"
    return f"({written(value)})->" if callable(value) else ""


def written(value: object) -> str:
    """Returns the parameters of a function of Python as a person writes them; nothing if Python does not tell them."""
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return "…"
    return ", ".join(
        f"{'*' * (parameter.kind - 1) if parameter.kind in (2, 4) else ''}{parameter.name}"
        + ("" if parameter.default is parameter.empty else f"={shortened(repr(parameter.default))}")
        for parameter in parameters
        if parameter.name not in ("self", "cls"))


def shortened(text: str) -> str:
    return "…" if len(text) > 20 or "<" in text else text


def public(names: list[str]) -> list[str]:
    return sorted(name for name in names if not name.startswith("_"))


def members_of(kind: type, stub: ast.AST | None, stubs: dict[str, ast.AST]) -> dict[str, str]:
    nodes: dict[str, ast.AST] = {}
    if isinstance(stub, ast.ClassDef):
        for base in stub.bases:
            name = ast.unparse(base).split("[")[0]
            if name in stubs and isinstance(stubs[name], ast.ClassDef):
                nodes.update(definitions(stubs[name].body))
        nodes.update(definitions(stub.body))
    return {name: kind_of(getattr(kind, name, None), nodes.get(name)) for name in public(dir(kind))}


def main() -> None:
    pygame.init()
    modules: dict[str, dict[str, str]] = {}
    stubs: dict[str, ast.AST] = {}
    for short in PYGAME_MODULES:
        try:
            module = importlib.import_module(f"pygame.{short}")
        except ImportError:
            continue
        stub = stub_of(short)
        if short != "freetype":  # Its Font is another one.
            stubs.update({name: node for name, node in stub.items() if isinstance(node, ast.ClassDef)})
        modules[f"pygame.{short}"] = {name: kind_of(getattr(module, name), stub.get(name)) for name in public(dir(module))
                                      if not isinstance(getattr(module, name), type(sys)) or name == "music"}
    base = stub_of("base")
    modules["pygame"] = {name: kind_of(getattr(pygame, name), base.get(name, stubs.get(name)))
                         for name in public(dir(pygame)) + ["__version__"]}
    modules["pygame.mixer.music"] = modules.pop("pygame.mixer_music")
    for name in PYTHON_MODULES:
        module = importlib.import_module(name)
        modules[name] = {key: "module" if f"{name}.{key}" in PYTHON_MODULES else kind_of(getattr(module, key), None)
                         for key in public(dir(module))
                         if not isinstance(getattr(module, key), type(sys)) or f"{name}.{key}" in PYTHON_MODULES}
    classes: dict[str, dict[str, str]] = {}
    homes = [pygame, pygame.event, pygame.time, pygame.font, pygame.mixer, pygame.sprite, pygame.joystick, pygame.color]
    for name in CLASSES:
        found = [getattr(home, name) for home in homes if isinstance(getattr(home, name, None), type)]
        kind = found[0] if found else pygame.joystick.JoystickType
        classes[name] = members_of(kind, stubs.get(name), stubs)
    # The stubs of these inherit from a protocol.
    for name in ("Sprite", "DirtySprite"):
        classes[name] = {**SPRITE, **classes[name], "groups": "()->list", "alive": "()->bool", "kill": "()->", "update": "(*args)->",
                         "add": "(*groups)->", "remove": "(*groups)->"}
    for name in ("Group", "GroupSingle", "LayeredUpdates", "LayeredDirty"):
        classes[name].update({"sprites": "()->[Sprite]", "draw": "(surface)->list", "update": "(*args)->", "add": "(*sprites)->",
                              "remove": "(*sprites)->", "empty": "()->", "has": "(*sprites)->bool", "copy": "()->Group"})
    classes["Surface"]["copy"] = "()->Surface"
    for name in ("Vector2", "Vector3"):
        for method in "copy elementwise lerp move_towards normalize project reflect rotate rotate_rad slerp clamp_magnitude".split():
            classes[name][method] = classes[name][method].split("->")[0] + f"->{name}"
    modules["pygame.joystick"]["Joystick"] = "(id)->Joystick"
    classes["Event"] = dict.fromkeys(EVENT.split(), "") | {"pos": ":tuple", "rel": ":tuple", "unicode": ":str", "text": ":str"}
    for kind in PYTHON_CLASSES:
        classes[kind.__name__] = {name: kind_of(getattr(kind, name), None) for name in public(dir(kind))}
    for name in "capitalize center format join ljust lower lstrip replace rjust rstrip strip title upper zfill".split():
        classes["str"][name] = classes["str"][name].split("->")[0] + "->str"
    classes["str"].update({"split": "(separator)->[str]", "splitlines": "()->[str]"})
    names = {
        "pygame": pygame.version.ver,
        "python": ".".join(map(str, sys.version_info[:2])),
        "builtins": public(dir(builtins)) + ["__file__", "__name__", "__doc__", "__import__", "__builtins__", "__debug__", "__class__"],
        "libraries": sorted(name for name in sys.stdlib_module_names if not name.startswith("_")),
        "modules": modules,
        "classes": classes,
    }
    print("{")
    print(",\n".join(f'"{key}": {compact(value)}' for key, value in names.items()))
    print("}")


def compact(value: object) -> str:
    """Writes one module or class a line, so that a change is easy to read."""
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f'  "{key}": {json.dumps(inner, ensure_ascii=False)}' for key, inner in value.items()) + "\n}"
    return json.dumps(value, ensure_ascii=False)


main()
