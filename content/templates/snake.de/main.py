# Nudelschlange: Lenk mit den Pfeiltasten, friss die Beeren und beiß dich nicht in den Schwanz.
import random
import pygame

pygame.init()
CELL = 24                          # Pixel eines Quadrats
COLUMNS, ROWS = 24, 18
screen = pygame.display.set_mode((COLUMNS * CELL, ROWS * CELL + 48))
pygame.display.set_caption("Nudelschlange")
clock = pygame.time.Clock()
font = pygame.font.Font(None, 38)

MOVES = {pygame.K_UP: (0, -1), pygame.K_DOWN: (0, 1), pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0)}


def place_berry():
    free = [(x, y) for x in range(COLUMNS) for y in range(ROWS) if (x, y) not in snake]
    return random.choice(free)


def start():
    global snake, direction, turns, berry, alive, wait
    snake = [(6 - i, 9) for i in range(4)]       # der Kopf kommt zuerst
    direction = (1, 0)
    turns = []                                   # Tasten, die schon gedrückt, aber noch nicht dran sind
    berry = place_berry()
    alive = True
    wait = 0


best = 0
start()

while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
        if event.type == pygame.KEYDOWN:
            if not alive:
                start()
            elif event.key in MOVES and len(turns) < 2:
                turns.append(MOVES[event.key])

    # Die Schlange macht alle paar Bilder einen Schritt, und je länger sie ist, desto schneller.
    wait += 1
    if alive and wait >= max(4, 9 - len(snake) // 6):
        wait = 0
        if turns:
            turn = turns.pop(0)
            if (turn[0] + direction[0], turn[1] + direction[1]) != (0, 0):     # nicht auf der Stelle umdrehen
                direction = turn
        head = ((snake[0][0] + direction[0]) % COLUMNS, (snake[0][1] + direction[1]) % ROWS)
        if head in snake[:-1]:
            alive = False
        else:
            snake.insert(0, head)
            if head == berry:
                berry = place_berry()
                best = max(best, len(snake))
            else:
                snake.pop()

    # Eine Wiese wie ein Schachbrett.
    for y in range(ROWS):
        for x in range(COLUMNS):
            screen.fill((168, 214, 110) if (x + y) % 2 else (160, 206, 102), (x * CELL, y * CELL, CELL, CELL))
    screen.fill((74, 58, 100), (0, ROWS * CELL, COLUMNS * CELL, 48))

    middle = (berry[0] * CELL + CELL // 2, berry[1] * CELL + CELL // 2)
    pygame.draw.circle(screen, (226, 60, 90), middle, 10)
    pygame.draw.circle(screen, (255, 170, 180), (middle[0] - 3, middle[1] - 3), 3)
    pygame.draw.line(screen, (60, 130, 60), (middle[0], middle[1] - 9), (middle[0] + 5, middle[1] - 14), 3)

    for i, (x, y) in reversed(list(enumerate(snake))):
        color = (250, 190 - min(i * 5, 90), 70) if alive else (150, 150, 160)
        pygame.draw.rect(screen, color, (x * CELL + 1, y * CELL + 1, CELL - 2, CELL - 2), border_radius=8)
    x, y = snake[0][0] * CELL, snake[0][1] * CELL
    for eye in ((7, 8), (17, 8)):
        pygame.draw.circle(screen, (255, 255, 255), (x + eye[0], y + eye[1]), 5)
        pygame.draw.circle(screen, (40, 30, 60), (x + eye[0] + direction[0] * 2, y + eye[1] + direction[1] * 2), 2)

    text = f"Länge {len(snake)}   Rekord {best}" if alive else "Autsch! Mit jeder Taste noch mal"
    screen.blit(font.render(text, True, (255, 248, 239)), (14, ROWS * CELL + 11))

    pygame.display.flip()
    clock.tick(60)
