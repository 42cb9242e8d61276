# Wolkenfrosch: Lenk mit den Pfeiltasten nach links und rechts. Wie hoch kommst du?
import random
import pygame

pygame.init()
WIDTH, HEIGHT = 400, 600
screen = pygame.display.set_mode((WIDTH, HEIGHT))
pygame.display.set_caption("Wolkenfrosch")
clock = pygame.time.Clock()
font = pygame.font.Font(None, 40)

# Zwei Bilder, mit Buchstaben gemalt: Der Frosch sitzt, und der Frosch springt.
SIT = ["..WW....WW..", ".WKKW..WKKW.", ".GWWGGGGWWG.", "GGGGGGGGGGGG", "GLLKKKKKKLLG", ".GLLLLLLLLG.", "GG.GGGGGG.GG", "GGG......GGG"]
LEAP = ["..WW....WW..", ".WKKW..WKKW.", ".GWWGGGGWWG.", "GGGGGGGGGGGG", "GLLLKKKKLLLG", ".GLLLRRLLLG.", ".GGGGGGGGGG.", "GG.GG..GG.GG", "GG........GG"]
COLORS = {"G": (64, 176, 92), "L": (196, 236, 150), "W": (255, 255, 255), "K": (40, 40, 60), "R": (240, 110, 120)}

GRAVITY = 0.5        # probier 0.2, wie auf dem Mond
JUMP = 14            # wie stark die Beine des Froschs sind


def paint(picture, x, y, size=4):
    for row, line in enumerate(picture):
        for column, letter in enumerate(line):
            if letter in COLORS:
                screen.fill(COLORS[letter], (x + column * size, y + row * size, size, size))


def cloud(y):
    return pygame.Rect(random.randrange(0, WIDTH - 90), y, 90, 20)


def start():
    global frog, speed, clouds, height
    frog = pygame.Rect(176, 400, 48, 32)
    speed = -JUMP
    clouds = [pygame.Rect(155, 540, 90, 20)] + [cloud(y) for y in range(440, -100, -100)]
    height = 0


best = 0
start()

while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit

    keys = pygame.key.get_pressed()
    frog.x += (keys[pygame.K_RIGHT] - keys[pygame.K_LEFT]) * 6
    frog.centerx %= WIDTH                 # auf einer Seite hinaus, auf der anderen herein

    # In jedem Bild etwas schneller fallen, und abspringen, wenn die Füße eine Wolke berühren.
    speed += GRAVITY
    frog.y += round(speed)
    feet = pygame.Rect(frog.x + 6, frog.bottom - 8, frog.width - 12, 16)
    for puff in clouds:
        if speed > 0 and feet.colliderect(puff) and frog.bottom < puff.bottom + 12:
            frog.bottom = puff.top
            speed = -JUMP

    # Über der Mitte rückt die Welt nach unten, statt dass der Frosch steigt.
    if frog.y < 250:
        shift = 250 - frog.y
        frog.y += shift
        height += shift
        for puff in clouds:
            puff.y += shift
        if clouds[0].y > HEIGHT:
            clouds.pop(0)
            clouds.append(cloud(clouds[-1].y - 100))
    best = max(best, height // 10)
    if frog.top > HEIGHT:
        start()

    # Je höher du bist, desto dunkler wird der Himmel.
    night = min(height / 12000, 1)
    screen.fill((int(150 - 120 * night), int(212 - 180 * night), int(255 - 175 * night)))
    for puff in clouds:
        pygame.draw.ellipse(screen, (255, 255, 255), puff)
        pygame.draw.circle(screen, (255, 255, 255), (puff.x + 32, puff.y + 4), 16)
        pygame.draw.circle(screen, (255, 255, 255), (puff.x + 58, puff.y + 5), 13)
    paint(LEAP if speed < 0 else SIT, frog.x, frog.y)
    screen.blit(font.render(f"{height // 10} m   Rekord {best} m", True, (40, 40, 80) if night < 0.5 else (255, 255, 255)), (14, 12))

    pygame.display.flip()
    clock.tick(60)
