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
    "WINDOWSIZECHANGED": ("x", "y"),
    "WINDOWRESIZED": ("x", "y"),
    "VIDEORESIZE": ("w", "h"),
}
MIDDLE = (200, 150)
# Twice the way from the middle of the window to its edge.
FAR = 400
names = {getattr(pygame, name): name for name in FIELDS}
seen = {}
marks = 0
looking = False
resizable = False
recentring = False
turned = 0
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
                print("SIZE", *screen.get_size())
                print("TURNED", "right" if turned > FAR else "left" if turned < -FAR else "little")
                print(f"== {marks}")
            continue
        if event.dict.get("key") == pygame.K_F13:
            # A game that looks around with the mouse.
            if name == "KEYDOWN":
                looking = not looking
                pygame.event.set_grab(looking)
                pygame.mouse.set_visible(not looking)
            continue
        if event.dict.get("key") == pygame.K_F14:
            # A window whose size a person can change.
            if name == "KEYDOWN":
                resizable = not resizable
                screen = pygame.display.set_mode((400, 300), pygame.RESIZABLE if resizable else 0)
            continue
        if event.dict.get("key") == pygame.K_F15:
            # A game that puts its hidden mouse back into the middle in every frame.
            if name == "KEYDOWN":
                recentring = not recentring
                turned = 0
                pygame.mouse.set_visible(not recentring)
                pygame.mouse.set_pos(MIDDLE)
            continue
        if name == "KEYDOWN" and event.key < 128:
            seen[event.key] = True
        if recentring and name == "MOUSEMOTION":
            # One in every frame.
            continue
        print(name, *(f"{field}={ascii(event.dict[field])}" for field in FIELDS[name]))
    if recentring:
        turned += pygame.mouse.get_pos()[0] - MIDDLE[0]
        pygame.mouse.set_pos(MIDDLE)
    screen.fill((0, 0, 90))
    pygame.display.flip()
    clock.tick(60)
