# Prints what the player holds whenever it changes: keys, buttons of the mouse, fingers, the keyboard itself; and text.
import pygame

pygame.init()
screen = pygame.display.set_mode((640, 480))
clock = pygame.time.Clock()
fingers = set()
last = None
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
        if event.type == pygame.FINGERDOWN:
            fingers.add(event.finger_id)
        if event.type == pygame.FINGERUP:
            fingers.discard(event.finger_id)
        if event.type == pygame.TEXTINPUT:
            print("text", event.text, flush=True)
    pressed = pygame.key.get_pressed()
    keys = [pygame.key.name(key) for key in (pygame.K_RIGHT, pygame.K_w, pygame.K_LSHIFT) if pressed[key]]
    buttons = [number for number, down in enumerate(pygame.mouse.get_pressed(5), 1) if down]
    state = f"keys {keys} buttons {buttons} fingers {sorted(fingers)} focus {bool(pygame.key.get_focused())}"
    if state != last:
        print(state, flush=True)
        last = state
    screen.fill((20, 20, 60))
    pygame.display.flip()
    clock.tick(60)
