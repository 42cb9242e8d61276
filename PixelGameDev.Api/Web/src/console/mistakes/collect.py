"""Prints what Python reports for the mistakes that beginners make: python3 collect.py <runtime directory> > reports-3.13.json

Run it with the Python and pygame of the game image, and with an older one: the tests of explain.ts use both reports.
MistakeTests runs it in the game image again and compares.
"""

import json
import os
import sys
import tempfile

os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")
sys.path.insert(0, sys.argv[1])

import pygame  # noqa: E402
from pixel_runtime import errors  # noqa: E402

SCREEN = "import pygame\npygame.init()\nscreen = pygame.display.set_mode((64, 48))\n"

# name → main.py, or all files
MISTAKES = {
    "name of a function": "pritn(1)\n",
    "name of a variable": "score = 1\nprint(scroe)\n",
    "name of nothing": "print(qwzx)\n",
    "name of a class": "class Player:\n    pass\nplayr = Playr()\n",
    "true": "going = true\n",
    "false": "going = false\n",
    "none": "hero = none\n",
    "null": "hero = null\n",
    "random not imported": "print(random.randint(1, 6))\n",
    "own attribute without self": "class Hero:\n    def __init__(self):\n        self.lives = 3\n    def hit(self):\n        print(lives)\nHero().hit()\n",
    "global without global": "score = 0\ndef hit():\n    score += 1\nhit()\n",
    "pygame function": SCREEN + "pygame.draw.cirlce(screen, 'red', (1, 1), 1)\n",
    "pygame key": "import pygame\nprint(pygame.K_SPCAE)\n",
    "list method": "things = []\nthings.apend(1)\n",
    "own method": "class Hero:\n    def jump(self):\n        pass\nHero().jmp()\n",
    "imported name": "from random import randnt\n",
    "print without brackets": 'print "hi"\n',
    "forgotten comma": "numbers = [1 2]\n",
    "forgotten comma in a call": "print('a' 1)\n",
    "range of a text": 'n = "5"\nfor i in range(n):\n    pass\n',
    "compare text and number": 'lives = "3"\nif lives > 0:\n    pass\n',
    "compare number and text": 'lives = "3"\nif 0 < lives:\n    pass\n',
    "text plus number": 'print("Score: " + 5)\n',
    "number plus text": 'age = "12"\nprint(1 + age)\n',
    "text minus number": 'age = "12"\nage = age - 1\n',
    "text divided": 'age = "12"\nage = age / 2\n',
    "int of a word": 'int("twelve")\n',
    "int of nothing": 'int("")\n',
    "int of a point": 'int("3.5")\n',
    "float of a word": 'float("fast")\n',
    "else if": "x = 1\nif x > 1:\n    pass\nelse if x:\n    pass\n",
    "elseif": "x = 1\nif x > 1:\n    pass\nelseif x:\n    pass\n",
    "curly quotes": "print(\u201chi\u201d)\n",
    "curly apostrophes": "print(\u2018hi\u2019)\n",
    "low quotes": "print(\u201ehi\u201c)\n",
    "strange character": "x = 5 \u00d7 3\n",
    "return outside": "return 5\n",
    "break outside": "break\n",
    "continue outside": "continue\n",
    "missing colon": "x = 1\nif x == 1\n    pass\n",
    "one equals sign": "x = 1\nif x = 1:\n    pass\n",
    "open bracket": "print((1, 2)\nx = 1\n",
    "extra bracket": "print(1))\n",
    "open text": "print('hi)\n",
    "keyword as a name": "class = 5\n",
    "number first": "2players = True\n",
    "plus plus": "x = 1\nx++\n",
    "blit of a name": SCREEN + 'screen.blit("hero.png", (1, 1))\n',
    "blit without a place": SCREEN + "hero = pygame.Surface((5, 5))\nscreen.blit(hero)\n",
    "set_mode without brackets": "import pygame\npygame.init()\nscreen = pygame.display.set_mode(640, 480)\n",
    "set_mode with one number": "import pygame\npygame.init()\nscreen = pygame.display.set_mode(640)\n",
    "own random": {"main.py": "import random\nprint(random.randint(1, 6))\n", "random.py": "x = 1\n"},
    "from own random": {"main.py": "from random import randint\n", "random.py": "x = 1\n"},
    "own pygame": {"main.py": "import pygame\npygame.init()\n", "pygame.py": "x = 1\n"},
    "turtle": "import turtle\n",
    "tkinter": "import tkinter\n",
    "from tkinter": "from tkinter import *\n",
    "unknown library": "import playsound\n",
    "misspelt module": "import pygme\n",
    "unknown module": "import enemi\n",
    "key of a mouse event": SCREEN + "e = pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(1, 1))\nprint(e.key)\n",
    "pos of a key event": SCREEN + "e = pygame.event.Event(pygame.KEYDOWN, key=97)\nprint(e.pos)\n",
    "colour of a word": SCREEN + "screen.fill('purpel')\n",
    "colour too large": SCREEN + "screen.fill((300, 0, 0))\n",
    "draw colour": SCREEN + "pygame.draw.rect(screen, (1, 2), (0, 0, 5, 5))\n",
    "missing picture": SCREEN + 'pygame.image.load("hero.png")\n',
    "missing sound": SCREEN + 'pygame.mixer.Sound("boom.wav")\n',
    "missing file": 'open("level.txt")\n',
    "none has no attribute": "hero = None\nhero.move()\n",
    "none called": "f = None\nf()\n",
    "none in a sum": "def f():\n    pass\nx = f() + 1\n",
    "number called": "x = 5\nx(1)\n",
    "too few values": "def f(a, b):\n    pass\nf(1)\n",
    "method without self": "class Hero:\n    def jump():\n        pass\nHero().jump()\n",
    "list index": "a = [1]\nprint(a[1])\n",
    "list index text": "a = [1]\nprint(a['x'])\n",
    "key of a dictionary": "d = {}\nprint(d['lives'])\n",
    "unpack": "a, b = [1, 2, 3]\n",
    "zero": "1 / 0\n",
    "not initialised": "import pygame\npygame.display.flip()\n",
    "no font": "import pygame\npygame.font.SysFont(None, 20)\n",
    "no-break space": "x = 1\n\u00a0\u00a0\u00a0\u00a0y = 2\n",
    "wrong closing bracket": "screen = [640, 480)\n",
    "else without if": "x = 1\nelse:\n    pass\n",
    "elif without if": "x = 1\nelif x > 1:\n    pass\n",
    "misspelt keyword": "whlie True:\n    pass\n",
    "misspelt import": "improt pygame\n",
    "misspelt def": "dfe jump():\n    pass\n",
    "range without brackets": "for i in range 10:\n    pass\n",
    "def without brackets": "def jump:\n    pass\n",
    "value on the left": "5 = x\n",
    "sum on the left": "x = 1\nx + 1 = x\n",
    "leading zero": "lives = 007\n",
    "backslash in a path": 'name = "C:\\Users\\anna\\hero.png"\n',
    "keyword before a value": "print(sep='', 'a')\n",
    "global too late": "score = 0\ndef hit():\n    print(score)\n    global score\nhit()\n",
    "f-string": "name = 'a'\nprint(f'hi {name')\n",
    "not in": "x = 1\nif x not 5:\n    pass\n",
    "and sign": "x = 1\nif x > 0 && x < 5:\n    pass\n",
    "exclamation mark": "x = True\nif !x:\n    pass\n",
    "key without pygame": "import pygame\nprint(K_LEFT)\n",
    "event type without pygame": "import pygame\nprint(KEYDOWN)\n",
    "self outside": "self.lives = 3\n",
    "actor without pgzrun": "hero = Actor('hero')\n",
    "loop over a number": "for i in 10:\n    pass\n",
    "loop over a function": "import pygame\nfor event in pygame.event.get:\n    pass\n",
    "function with square brackets": "import pygame\nprint(pygame.key.get_pressed[pygame.K_a])\n",
    "number with square brackets": "lives = 3\nprint(lives[0])\n",
    "module called": "import random\nprint(random(1, 6))\n",
    "range of a half": "for i in range(10 / 4):\n    pass\n",
    "length of a number": "lives = 3\nprint(len(lives))\n",
    "letter of a text changed": "name = 'anna'\nname[0] = 'A'\n",
    "tuple changed": "place = (1, 2)\nplace[0] = 5\n",
    "text too short": "name = 'anna'\nprint(name[9])\n",
    "list as a key": "d = {}\nd[[1, 2]] = 3\n",
    "number plus list": "x = 1\nx = x + [2]\n",
    "text times half": "print('-' * 2.5)\n",
    "none compared": "def f():\n    pass\nif f() > 3:\n    pass\n",
    "none with square brackets": "x = [].append(1)\nprint(x[0])\n",
    "class without brackets": "class Hero:\n    def jump(self):\n        pass\nHero.jump()\n",
    "too many values": "def f(a):\n    pass\nf(1, 2)\n",
    "unknown keyword": "def f(colour):\n    pass\nf(color='red')\n",
    "sprite without init": "import pygame\nclass Hero(pygame.sprite.Sprite):\n    def __init__(self):\n        self.image = 1\npygame.sprite.Group(Hero())\n",
    "attribute never set": "class Hero:\n    def __init__(self):\n        self.live = 3\nprint(Hero().speed)\n",
    "remove what is not there": "enemies = [1]\nenemies.remove(2)\n",
    "choice of nothing": "import random\nrandom.choice([])\n",
    "randint of a text": "import random\nrandom.randint(1, '6')\n",
    "randint of one": "import random\nrandom.randint(6)\n",
    "pop of nothing": "a = []\na.pop()\n",
    "text not in text": "'abc'.index('x')\n",
    "root of minus": "import math\nmath.sqrt(-1)\n",
    "render a number": SCREEN + "font = pygame.font.Font(None, 20)\nfont.render(5, True, 'white')\n",
    "render without a colour": SCREEN + "font = pygame.font.Font(None, 20)\nfont.render('hi', True)\n",
    "circle without brackets": SCREEN + "pygame.draw.circle(screen, 'red', 10, 10, 5)\n",
    "circle without a radius": SCREEN + "pygame.draw.circle(screen, 'red', (10, 10))\n",
    "rect with three numbers": "import pygame\npygame.Rect(1, 2, 3)\n",
    "draw a half rect": SCREEN + "pygame.draw.rect(screen, 'red', (1, 2, 3))\n",
    "blit to a number": SCREEN + "hero = pygame.Surface((5, 5))\nscreen.blit(hero, 5)\n",
    "blit to two numbers": SCREEN + "hero = pygame.Surface((5, 5))\nscreen.blit(hero, 10, 20)\n",
    "place of a picture": SCREEN + "hero = pygame.Surface((5, 5))\nhero.x = 5\n",
    "collision with a number": "import pygame\npygame.Rect(1, 2, 3, 4).colliderect(5)\n",
    "convert without a window": "import pygame\npygame.display.init()\npygame.Surface((1, 1)).convert()\n",
    "draw after quit": SCREEN + "pygame.quit()\nscreen.fill('red')\n",
    "font not started": "import pygame\npygame.font.Font(None, 20)\n",
    "sound not started": "import pygame\npygame.mixer.music.play()\n",
    "other capitals": {"main.py": SCREEN + "pygame.image.load('hero.png')\n", "Hero.PNG": "x"},
    "other folder": {"main.py": SCREEN + "pygame.image.load('hero.png')\n", "images/hero.png": "x"},
    "backslash": {"main.py": SCREEN + "pygame.image.load('images\\\\hero.png')\n", "images/hero.png": "x"},
    "other ending": {"main.py": SCREEN + "pygame.image.load('hero.jpg')\n", "hero.png": "x"},
    "misspelt file": {"main.py": "open('levle.txt')\n", "level.txt": "x"},
    "path of a computer": {"main.py": "open('C:/Users/anna/hero.txt')\n", "hero.txt": "x"},
    "no picture": {"main.py": SCREEN + "pygame.image.load('hero.png')\n", "hero.png": "x"},
    "no sound": {"main.py": SCREEN + "pygame.mixer.init()\npygame.mixer.Sound('boom.wav')\n", "boom.wav": "x"},
    "other encoding": {"main.py": "open('a.txt', encoding='ascii').read()\n", "a.txt": "\u00e4"},
    "broken json": {"main.py": "import json\njson.load(open('a.json'))\n", "a.json": "{'a': 1}"},
    "circle of imports": {"main.py": "import a\n", "a.py": "from b import y\nx = 1\n", "b.py": "from a import x\ny = 1\n"},
    "dictionary changed": "d = {1: 1}\nfor k in d:\n    d[k + 1] = 1\n",
    "own error": "raise ValueError('Too many lives')\n",
    "opengl": "import OpenGL\n",
    "pytmx": "import pytmx\n",
    "pymunk": "import pymunk\n",
    "pip in the program": "pip install pygame\n",
    "needs indent": "if True:\nprint(1)\n",
    "unexpected indent": "x = 1\n    y = 2\n",
    "odd indent": "if True:\n        x = 1\n    y = 2\n",
    "recursion": "def f():\n    f()\nf()\n",
    "assertion": "assert 1 == 2\n",
}


def report(files):
    """Returns the report of one program, run as the sandbox runs it."""
    work = tempfile.mkdtemp()
    for name, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(work, name)), exist_ok=True)
        with open(os.path.join(work, name), "w", encoding="utf-8") as file:
            file.write(text)
        sys.modules.pop(name[:-3], None)
    os.chdir(work)
    sys.path[0] = work
    errors.install(work)
    path = os.path.join(work, "main.py")
    try:
        exec(compile(files["main.py"], path, "exec", dont_inherit=True), {"__name__": "__main__"})
    except BaseException as error:
        error.__traceback__ = error.__traceback__.tb_next
        return errors.report(error)
    raise SystemExit(f"this is no mistake: {files['main.py']}")


def in_a_child(files):
    """Runs in a child process, so that each program has its own modules."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = json.dumps(report(files)).replace(os.getcwd(), "/game")
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer)


def main():
    reports = {}
    for name, program in MISTAKES.items():
        files = {"main.py": program} if isinstance(program, str) else program
        found = in_a_child(files)
        # The text of the endless recursion is long and repetitive.
        found["text"] = found["text"][-600:]
        found["frames"] = found["frames"][-1:]
        reports[name] = {"files": sorted(files), "report": found}
    json.dump(reports, sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
    print()


main()
