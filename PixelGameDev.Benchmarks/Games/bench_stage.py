"""Runs a game for the benchmarks with a fixed random seed, scripted keys and a stamp in the corner of each picture.

The stamp is a row of 8×8 blocks, black or white, so that it survives lossy compression:

    block 0        changes with every press of B (which the game does not see)
    blocks 1-16    the time of the flip, in tenths of a millisecond of the wall clock, modulo 65536, lowest bit first
    blocks 17-24   the number of the frame, modulo 256, lowest bit first

A benchmark reads from the stamp how old a frame is, how many different frames come, and when a key press has arrived.
"""

import os
import random
import runpy
import struct
import sys
import time

BLOCK = 8
BLOCKS = 25


def run(entry, keys=(), period=0, mouse=0, spare=False, stamp=True, record=False, count=None, frames=0):
    """Runs the game's file `entry`.

    keys: (frame, down, key name); they repeat after `period` frames. mouse: the number of frames in which the pointer makes one round.
    spare: pygame.sprite.spritecollide finds nothing, so that the player survives and the game goes on.
    record: writes every picture to standard output (u32 width, height; then BGRX) and the game's prints to standard error, without a stamp.
    count: a file for the number of flips so far, written about once a second.
    frames: the number of frames after which the game ends; 0: never.
    """
    import pygame

    pygame.init()
    random.seed(7)
    random.seed = lambda *ignored: None
    state = {"frame": 0, "presses": 0, "held": set(), "counted": 0.0, "pointer": (0, 0)}
    script = sorted((frame, bool(down), pygame.key.key_code(key)) for frame, down, key in keys)
    output = None
    if record:
        output = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
    real_get, real_poll, real_pressed = pygame.event.get, pygame.event.poll, pygame.key.get_pressed
    real_flip, real_update = pygame.display.flip, pygame.display.update
    real_mouse, real_buttons = pygame.mouse.get_pos, pygame.mouse.get_pressed
    due = []

    def mine(event):
        if event.type in (pygame.KEYDOWN, pygame.KEYUP) and event.key == pygame.K_b:
            state["presses"] += event.type == pygame.KEYDOWN
            return True
        return False

    def get(*args, **kwargs):
        events = [event for event in real_get(*args, **kwargs) if not mine(event)]
        events += due
        due.clear()
        return events

    def poll():
        event = real_poll()
        while mine(event):
            event = real_poll()
        return due.pop(0) if event.type == pygame.NOEVENT and due else event

    class Pressed:
        def __init__(self):
            self.real = real_pressed()

        def __getitem__(self, key):
            return key in state["held"] or self.real[key]

    def play():
        """Plays the keys of the script that come before the next picture."""
        frame = state["frame"] % period if period else state["frame"]
        for at, down, key in script:
            if at == frame:
                (state["held"].add if down else state["held"].discard)(key)
                due.append(pygame.event.Event(
                    pygame.KEYDOWN if down else pygame.KEYUP, key=key, mod=0, unicode=chr(key) if down and key < 127 else "", scancode=0))

    def before(surface):
        if stamp and not record:
            now = int(time.time() * 10000) & 0xFFFF
            bits = (state["presses"] & 1) | now << 1 | (state["frame"] & 0xFF) << 17
            for block in range(BLOCKS):
                surface.fill(0xFFFFFF if bits >> block & 1 else 0, (block * BLOCK, 0, BLOCK, BLOCK))

    def after(surface):
        state["frame"] += 1
        if output is not None:
            if state["frame"] == 1:
                output.write(struct.pack("<II", *surface.get_size()))
            output.write(surface.get_buffer().raw)
        if count is not None and time.monotonic() - state["counted"] > 0.5:
            state["counted"] = time.monotonic()
            with open(count + ".new", "w") as file:
                file.write(f"{state['frame']} {state['counted']}")
            os.replace(count + ".new", count)
        play()
        if frames and state["frame"] >= frames:
            if output is not None:
                output.close()
            os._exit(0)

    def flip():
        surface = pygame.display.get_surface()
        before(surface)
        real_flip()
        after(surface)

    def update(*args, **kwargs):
        surface = pygame.display.get_surface()
        before(surface)
        if args and args[0] and not kwargs and stamp and not record:
            rectangles = args[0] if isinstance(args[0], (list, tuple)) and not isinstance(args[0][0], (int, float)) else [args[0]]
            real_update(list(rectangles) + [pygame.Rect(0, 0, BLOCK * BLOCKS, BLOCK)])
        else:
            real_update(*args, **kwargs)
        after(surface)

    def pointer():
        import math
        angle = 2 * math.pi * state["frame"] / mouse
        width, height = pygame.display.get_surface().get_size()
        return int(width / 2 + width / 3 * math.cos(angle)), int(height / 2 + height / 4 * math.sin(3 * angle))

    pygame.display.flip, pygame.display.update = flip, update
    pygame.event.get, pygame.event.poll = get, poll
    if script:
        pygame.key.get_pressed = Pressed
    if mouse:
        pygame.mouse.get_pos = pointer
        pygame.mouse.get_pressed = lambda *ignored: (True, False, False)
    if spare:
        pygame.sprite.spritecollide = lambda *ignored: []
    if record:
        # Sixty pictures for each second of the game's time, as fast as possible, so that games that use the time are the same in each run.
        clock(pygame, state)
    play()
    sys.path.insert(0, os.path.dirname(os.path.abspath(entry)))
    runpy.run_path(entry, run_name="__main__")


def clock(pygame, state):
    milliseconds = lambda: int(state["frame"] * 1000 / 60)

    class Clock:
        def tick(self, *ignored):
            return 17 if state["frame"] % 3 else 16

        tick_busy_loop = tick

        def get_time(self):
            return 17

        get_rawtime = get_time

        def get_fps(self):
            return 60.0

    pygame.time.Clock = Clock
    pygame.time.get_ticks = milliseconds
    pygame.time.wait = pygame.time.delay = lambda wait: wait
    time.time = time.monotonic = time.perf_counter = lambda: 1_000_000_000 + state["frame"] / 60
    time.sleep = lambda wait: None
