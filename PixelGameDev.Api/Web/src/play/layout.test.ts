import { describe, expect, it } from 'vitest';
import { fitCanvas, toWindowPixel } from './layout';

const game = { width: 320, height: 240 };

describe('fitCanvas', () => {
  it('shows the game in whole multiples where it fits', () => {
    expect(fitCanvas(game, { width: 700, height: 700 }, 1)).toEqual({ width: 640, height: 480 });
    expect(fitCanvas(game, { width: 479, height: 700 }, 1)).toEqual({ width: 320, height: 240 });
  });

  it('counts in the pixels of the screen', () => {
    // 1.5 screen pixels per CSS pixel: three screen pixels per game pixel.
    expect(fitCanvas(game, { width: 700, height: 700 }, 1.5)).toEqual({ width: 640, height: 480 });
    expect(fitCanvas({ width: 100, height: 100 }, { width: 160, height: 160 }, 2)).toEqual({ width: 150, height: 150 });
  });

  it('shrinks what does not fit and keeps its shape', () => {
    expect(fitCanvas({ width: 1920, height: 1080 }, { width: 640, height: 640 }, 1)).toEqual({ width: 640, height: 360 });
  });

  it('fills the room of a phone', () => {
    expect(fitCanvas({ width: 400, height: 600 }, { width: 390, height: 471 }, 3)).toEqual({ width: 314, height: 471 });
    expect(fitCanvas({ width: 640, height: 480 }, { width: 390, height: 471 }, 3)).toEqual({ width: 390, height: 292.5 });
  });

  it('fills the screen where the next whole factor would waste it', () => {
    const screen = { width: 1920, height: 1080 };
    expect(fitCanvas({ width: 800, height: 600 }, screen, 1)).toEqual({ width: 1440, height: 1080 });
    expect(fitCanvas({ width: 640, height: 480 }, screen, 1)).toEqual({ width: 1280, height: 960 });
  });

  it('is nothing while there is no room', () => {
    expect(fitCanvas(game, { width: 0, height: 100 }, 1)).toEqual({ width: 0, height: 0 });
  });
});

describe('toWindowPixel', () => {
  const shown = { left: 100, top: 50, width: 640, height: 480 };
  it('maps a point of the page to a pixel of the game', () => {
    expect(toWindowPixel({ x: 100, y: 50 }, shown, game, 1)).toEqual({ x: 0, y: 0 });
    expect(toWindowPixel({ x: 103, y: 53 }, shown, game, 1)).toEqual({ x: 1, y: 1 });
    expect(toWindowPixel({ x: 739, y: 529 }, shown, game, 1)).toEqual({ x: 319, y: 239 });
  });
  it('leaves the picture with a drag, as in a window', () => {
    expect(toWindowPixel({ x: 98, y: 532 }, shown, game, 1)).toEqual({ x: -1, y: 241 });
    expect(toWindowPixel({ x: -5e6, y: 5e6 }, shown, game, 1)).toEqual({ x: -32768, y: 32767 });
  });
  it('has no pixel without a picture', () => {
    expect(toWindowPixel({ x: 98, y: 532 }, { ...shown, width: 0 }, game, 1)).toEqual({ x: 0, y: 0 });
  });
  it('counts from the pixel of the screen where the browser begins to paint', () => {
    // 400 pixels of the game on 500 of the screen, from 436.7 to 936.7, which the browser paints from 437 to 937.
    const zoomed = { left: 436.7 / 1.25, top: 0.4 / 1.25, width: 400, height: 300 };
    const at = (x: number, y: number) => toWindowPixel({ x: x / 1.25, y: y / 1.25 }, zoomed, { width: 400, height: 300 }, 1.25);
    expect(at(437, 0)).toEqual({ x: 0, y: 0 });
    expect(at(436, -1)).toEqual({ x: -1, y: -1 });
    expect(at(442, 5)).toEqual({ x: 4, y: 4 });
    expect(at(936, 374)).toEqual({ x: 399, y: 299 });
    expect(at(937, 375)).toEqual({ x: 400, y: 300 });
  });
  it('forgives what a browser loses when it divides by the zoom', () => {
    const zoomed = { left: 437 / 1.25, top: 0, width: 400, height: 300 };
    const lost = Math.fround(442 * Math.fround(1 / 1.25)) - 1e-5;
    expect(toWindowPixel({ x: lost, y: 0 }, zoomed, { width: 400, height: 300 }, 1.25).x).toBe(4);
  });
});
