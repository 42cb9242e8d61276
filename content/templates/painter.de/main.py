# Kaleidomaler: Halt die Maustaste und mal. Das Mausrad ändert den Pinsel, ein Rechtsklick wischt alles weg.
import math
import pygame

pygame.init()
SIZE = 560
BAR = 64
screen = pygame.display.set_mode((SIZE, SIZE + BAR))
pygame.display.set_caption("Kaleidomaler")
clock = pygame.time.Clock()

PAPER = (255, 250, 240)
PAINTS = [(238, 82, 83), (255, 159, 67), (254, 211, 48), (38, 200, 110), (69, 170, 242), (136, 84, 208), (45, 36, 64)]
PETALS = 8                 # probier 3, 5 oder 12

canvas = pygame.Surface((SIZE, SIZE))
canvas.fill(PAPER)
paint = PAINTS[4]
brush = 8
last = None                # wo der Pinsel gerade eben war


def turned(point, angle):
    """Der Punkt, um die Mitte der Leinwand gedreht."""
    x, y = point[0] - SIZE / 2, point[1] - SIZE / 2
    return (x * math.cos(angle) - y * math.sin(angle) + SIZE / 2, x * math.sin(angle) + y * math.cos(angle) + SIZE / 2)


def stroke(a, b):
    steps = max(1, int(math.dist(a, b) / 2))
    for step in range(steps + 1):
        spot = (a[0] + (b[0] - a[0]) * step / steps, a[1] + (b[1] - a[1]) * step / steps)
        mirrored = (SIZE - spot[0], spot[1])
        for petal in range(PETALS):
            angle = petal * 2 * math.pi / PETALS
            pygame.draw.circle(canvas, paint, turned(spot, angle), brush)
            pygame.draw.circle(canvas, paint, turned(mirrored, angle), brush)


# Etwas zum Anschauen vor dem ersten Strich.
for i in range(60):
    paint = PAINTS[i // 9]
    stroke((280 + i * 2, 280 - i * 3), (282 + i * 2, 277 - i * 3))
paint = PAINTS[4]

while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and event.pos[1] > SIZE:
            paint = PAINTS[min(event.pos[0] * len(PAINTS) // SIZE, len(PAINTS) - 1)]
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 3:
            canvas.fill(PAPER)
        if event.type == pygame.MOUSEWHEEL:
            brush = max(2, min(40, brush + event.y))

    mouse = pygame.mouse.get_pos()
    if pygame.mouse.get_pressed()[0] and mouse[1] < SIZE:
        stroke(last or mouse, mouse)
        last = mouse
    else:
        last = None

    screen.blit(canvas, (0, 0))
    width = SIZE // len(PAINTS)
    screen.fill((74, 58, 100), (0, SIZE, SIZE, BAR))
    for i, color in enumerate(PAINTS):
        middle = (i * width + width // 2, SIZE + BAR // 2)
        if color == paint:
            pygame.draw.circle(screen, (255, 255, 255), middle, 27)
        pygame.draw.circle(screen, color, middle, 22)
    if mouse[1] < SIZE:
        pygame.draw.circle(screen, paint, mouse, brush, 2)

    pygame.display.flip()
    clock.tick(60)
