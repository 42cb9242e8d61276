/** CSS cursors in the order of SDL's system cursors (SDL_SYSTEM_CURSOR_…). */
const shapes = [
  'default',
  'text',
  'wait',
  'crosshair',
  'progress',
  'nwse-resize',
  'nesw-resize',
  'ew-resize',
  'ns-resize',
  'move',
  'not-allowed',
  'pointer',
] as const;

/** Returns the CSS cursor of one of SDL's system cursors. */
export function cssCursor(shape: number): string {
  return shapes[shape] ?? 'default';
}

/** The shape that is a picture of the game's own. */
export const pictureShape = 12;

/** Returns the CSS cursor of a CursorPicture message; `payload` is the message without its type byte. */
export function cssPicture(payload: Uint8Array): string {
  const [width = 0, height = 0, x = 0, y = 0] = payload;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pixels = Uint8ClampedArray.from(payload.subarray(4));
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return `url(${canvas.toDataURL()}) ${x} ${y}, default`;
}
