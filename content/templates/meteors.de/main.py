# Meteorpost: Flieg mit den Pfeiltasten, die Leertaste schießt. Sammle Edelsteine und weich den Felsen aus!
import pygame
from things import Ship, Rock, Gem, Zap, Sparks, Stars

pygame.init()
screen = pygame.display.set_mode((480, 640))
pygame.display.set_caption("Meteorpost")
clock = pygame.time.Clock()
big = pygame.font.Font(None, 72)
small = pygame.font.Font(None, 36)
sounds = {name: pygame.mixer.Sound(f"sounds/{name}.wav") for name in ("gem", "zap", "boom")}


def write(font, text, y, color=(255, 248, 239)):
    picture = font.render(text, True, color)
    screen.blit(picture, picture.get_rect(center=(240, y)))


def new_game():
    return {"ship": Ship(), "rocks": [Rock() for _ in range(5)], "gems": [Gem(), Gem()], "zaps": [], "sparks": [],
            "score": 0, "over": False}


stars = Stars()
game = new_game()

while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
        if event.type == pygame.KEYDOWN and event.key == pygame.K_SPACE:
            if game["over"]:
                game = new_game()
            elif len(game["zaps"]) < 4:
                game["zaps"].append(Zap(game["ship"]))
                sounds["zap"].play()

    stars.move()
    for group in ("zaps", "sparks"):
        for thing in game[group]:
            thing.move()
        game[group] = [thing for thing in game[group] if thing.alive]

    if not game["over"]:
        game["ship"].move(pygame.key.get_pressed())
        for rock in game["rocks"]:
            rock.move(game["score"])
            for zap in game["zaps"]:
                if zap.alive and rock.touches(zap):
                    zap.alive = False
                    game["sparks"].append(Sparks(rock))
                    rock.restart()
                    game["score"] += 1
                    sounds["boom"].play()
            if rock.touches(game["ship"]):
                game["over"] = True
                game["sparks"].append(Sparks(game["ship"]))
                sounds["boom"].play()
        for gem in game["gems"]:
            gem.move()
            if gem.touches(game["ship"]):
                gem.restart()
                game["score"] += 5
                sounds["gem"].play()

    screen.fill((20, 18, 46))
    stars.draw(screen)
    for thing in game["gems"] + game["rocks"] + game["zaps"] + game["sparks"]:
        thing.draw(screen)
    if game["over"]:
        write(big, "Oh nein!", 270, (255, 159, 67))
        write(small, f"Deine Punkte: {game['score']}. Leertaste: noch mal", 330)
    else:
        game["ship"].draw(screen)
        write(small, str(game["score"]), 30)

    pygame.display.flip()
    clock.tick(60)
