export interface Size {
  width: number;
  height: number;
}

/**
 * Returns the size of the canvas, in CSS pixels. Whole multiples of the game's pixels (counted in the screen's own
 * pixels) keep every square the same size; a game larger than the room is shrunk to fit. With `fill` (fullscreen) the
 * factor may be fractional if the largest whole one would leave more than a third of the room empty.
 */
export function fitCanvas(game: Size, room: Size, pixelRatio: number, fill = false): Size {
  if (game.width <= 0 || game.height <= 0 || room.width <= 0 || room.height <= 0) return { width: 0, height: 0 };
  const exact = Math.min((room.width * pixelRatio) / game.width, (room.height * pixelRatio) / game.height);
  const whole = Math.floor(exact + 1e-6);
  const scale = whole < 1 || (fill && whole / exact < 2 / 3) ? exact : whole;
  return { width: (game.width * scale) / pixelRatio, height: (game.height * scale) / pixelRatio };
}

/** Returns the game pixel at a point of the page, kept inside the picture. */
export function toGamePixel(
  client: { x: number; y: number },
  shown: { left: number; top: number; width: number; height: number },
  game: Size,
): { x: number; y: number } {
  const clamp = (value: number, max: number): number => Math.min(Math.max(Math.floor(value), 0), Math.max(0, max - 1));
  if (shown.width <= 0 || shown.height <= 0) return { x: 0, y: 0 };
  return {
    x: clamp(((client.x - shown.left) * game.width) / shown.width, game.width),
    y: clamp(((client.y - shown.top) * game.height) / shown.height, game.height),
  };
}
