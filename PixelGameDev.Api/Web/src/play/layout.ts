export interface Size {
  width: number;
  height: number;
}

/**
 * Returns the size of the canvas, in CSS pixels. Whole multiples of the game's pixels (counted in the screen's own
 * pixels) keep every square the same size; a game larger than the room is shrunk to fit. The factor is fractional if the largest whole one
 * would leave much of the room empty: more than a third, or more than a seventh on a screen whose pixels are too small to tell squares
 * apart, as a phone's are.
 */
export function fitCanvas(game: Size, room: Size, pixelRatio: number): Size {
  if (game.width <= 0 || game.height <= 0 || room.width <= 0 || room.height <= 0) return { width: 0, height: 0 };
  const exact = Math.min((room.width * pixelRatio) / game.width, (room.height * pixelRatio) / game.height);
  const whole = Math.floor(exact + 1e-6);
  const scale = whole < 1 || whole / exact < (pixelRatio >= 2 ? 6 / 7 : 2 / 3) ? exact : whole;
  return { width: (game.width * scale) / pixelRatio, height: (game.height * scale) / pixelRatio };
}

/** Browsers divide by the zoom of the page in small numbers. What they lose is less than this, pixels of the screen. */
const lostInZoom = 1 / 256;

/**
 * Returns the game pixel at a point of the page. A point outside of the picture has a pixel outside of the game, as in a window. A box may
 * begin at a fraction of a pixel of the screen, but browsers paint the picture from the nearest whole one, and a person points at that.
 */
export function toWindowPixel(
  client: { x: number; y: number },
  shown: { left: number; top: number; width: number; height: number },
  game: Size,
  pixelRatio: number,
): { x: number; y: number } {
  const pixel = (point: number, start: number, length: number, count: number): number => {
    const from = Math.round(start * pixelRatio);
    const painted = Math.max(1, Math.round((start + length) * pixelRatio) - from);
    return Math.max(-32768, Math.min(32767, Math.floor(((point * pixelRatio + lostInZoom - from) * count) / painted)));
  };
  if (shown.width <= 0 || shown.height <= 0) return { x: 0, y: 0 };
  return { x: pixel(client.x, shown.left, shown.width, game.width), y: pixel(client.y, shown.top, shown.height, game.height) };
}
