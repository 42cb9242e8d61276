import pygame

pygame.init()
screen = pygame.display.set_mode((400, 300))
clock = pygame.time.Clock()
FIELDS = {
    "KEYDOWN": ("key", "scancode", "mod", "unicode"),
    "KEYUP": ("key", "scancode", "mod", "unicode"),
    "TEXTINPUT": ("text",),
    "TEXTEDITING": ("text", "start", "length"),
    "MOUSEMOTION": ("pos", "rel", "buttons"),
    "MOUSEBUTTONDOWN": ("button", "pos"),
    "MOUSEBUTTONUP": ("button", "pos"),
    "MOUSEWHEEL": ("x", "y"),
    "WINDOWENTER": (),
    "WINDOWLEAVE": (),
    "WINDOWFOCUSGAINED": (),
    "WINDOWFOCUSLOST": (),
}
names = {getattr(pygame, name): name for name in FIELDS}
seen = {}
marks = 0
looking = False
print("listening")
while True:
    for event in pygame.event.get():
        name = names.get(event.type)
        if name is None:
            continue
        if name in ("KEYDOWN", "KEYUP") and event.key == pygame.K_F9:
            if name == "KEYUP":
                marks += 1
                pressed = pygame.key.get_pressed()
                held = sorted(key for key in seen if pressed[key])
                print(f"STATE held={held} mods={pygame.key.get_mods()} focused={bool(pygame.key.get_focused())}")
                print(f"== {marks}")
            continue
        if event.dict.get("key") == pygame.K_F13:
            # A game that looks around with the mouse.
            if name == "KEYDOWN":
                looking = not looking
                pygame.event.set_grab(looking)
                pygame.mouse.set_visible(not looking)
            continue
        if name == "KEYDOWN" and event.key < 128:
            seen[event.key] = True
        print(name, *(f"{field}={ascii(event.dict[field])}" for field in FIELDS[name]))
    screen.fill((0, 0, 90))
    pygame.display.flip()
    clock.tick(60)
