# Monstermacher: Antworte in der Konsole unter dem Spiel, dann kommt dein Monster. Mit den Pfeiltasten tanzt es!
import math
import pygame

pygame.init()
screen = pygame.display.set_mode((640, 480))
pygame.display.set_caption("Monstermacher")
clock = pygame.time.Clock()
font = pygame.font.Font(None, 56)

COLORS = {"rot": (238, 82, 83), "orange": (255, 159, 67), "gelb": (254, 211, 48), "grün": (38, 200, 110),
          "blau": (69, 170, 242), "lila": (165, 94, 234), "rosa": (252, 130, 180)}


def message(text):
    """Zeigt eine Zeile, während wir auf eine Antwort warten."""
    screen.fill((255, 243, 224))
    picture = font.render(text, True, (74, 58, 100))
    screen.blit(picture, picture.get_rect(center=(320, 240)))
    pygame.display.flip()


message("Antworte in der Konsole!")
name = input("Wie heißt dein Monster? ").strip() or "Blob"
color = input(f"Welche Farbe hat {name}? ({', '.join(COLORS)}) ").strip().lower()
answer = input(f"Wie viele Augen hat {name}? ")
eyes = int(answer) if answer.strip().isdigit() else 3
eyes = max(1, min(eyes, 7))
print(f"{name} wacht auf und sieht dich mit {eyes} Auge{'n' if eyes != 1 else ''} an.")

skin = COLORS.get(color, COLORS["grün"])
dark = tuple(part * 3 // 4 for part in skin)
x, y, time = 320, 270, 0

while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit

    keys = pygame.key.get_pressed()
    steps = (keys[pygame.K_RIGHT] - keys[pygame.K_LEFT], keys[pygame.K_DOWN] - keys[pygame.K_UP])
    x = max(150, min(490, x + steps[0] * 6))
    y = max(180, min(340, y + steps[1] * 6))
    dancing = steps != (0, 0)
    time += 0.25 if dancing else 0.06
    wobble = math.sin(time) * (14 if dancing else 5)

    screen.fill((255, 243, 224))
    pygame.draw.ellipse(screen, (232, 214, 190), (x - 110, 430, 220, 34))

    # Arme, Hörner, Füße, Körper: Alles wackelt ein bisschen mit.
    for side in (-1, 1):
        pygame.draw.line(screen, dark, (x + side * 80, y), (x + side * 140, y - 40 - side * wobble * 2), 22)
        pygame.draw.polygon(screen, (240, 214, 176), [(x + side * 40, y - 100), (x + side * 75, y - 90), (x + side * 72, y - 145 + wobble)])
        pygame.draw.ellipse(screen, dark, (x + side * 45 - 35, y + 80 + side * wobble / 2, 70, 40))
    body = pygame.Rect(0, 0, 200 + wobble, 220 - wobble)
    body.center = (x, y)
    pygame.draw.ellipse(screen, skin, body)
    pygame.draw.ellipse(screen, dark, body, 6)

    for i in range(eyes):
        spot = (x + (i - (eyes - 1) / 2) * 150 / max(eyes, 3), y - 40 + abs(i - (eyes - 1) / 2) * 8)
        size = 26 if eyes < 4 else 16
        pygame.draw.circle(screen, (255, 255, 255), spot, size)
        pygame.draw.circle(screen, (45, 36, 64), (spot[0] + steps[0] * 8, spot[1] + steps[1] * 8), size // 2)
    mouth = pygame.Rect(x - 50, y + 10, 100, 50 + (20 if dancing else 0))
    pygame.draw.ellipse(screen, (74, 40, 70), mouth)
    pygame.draw.rect(screen, (255, 255, 255), (x - 22, y + 12, 16, 16), border_radius=3)
    pygame.draw.rect(screen, (255, 255, 255), (x + 6, y + 12, 16, 16), border_radius=3)

    label = font.render(name, True, (74, 58, 100))
    screen.blit(label, label.get_rect(center=(320, 50)))
    pygame.display.flip()
    clock.tick(60)
