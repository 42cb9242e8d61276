/**
 * Turns Frame messages (docs/PROTOCOL.md) into a picture. No DOM: it runs in a Worker, in the page and in Node.
 * It allocates nothing per frame; the picture and the message's window stay until the picture's size changes.
 */
import { ZstdStream } from './zstd';

/** Thrown if the frame continues a picture that this decoder does not have, or is damaged. Ask for a keyframe and go on. */
export class NeedKeyframe extends Error {}

/** What one message changed. The decoder reuses the object: read it before the next `decode`. */
export interface DecodedFrame {
  readonly keyframe: boolean;
  /** True if the picture differs from the game's own; an exact one follows. */
  readonly lossy: boolean;
  readonly width: number;
  readonly height: number;
  readonly frameNumber: number;
  /** Sandbox clock, µs modulo 2³². */
  readonly captureMicros: number;
  /** Last input that the game had seen; 0: none. */
  readonly inputSeq: number;
  readonly encodeMicros: number;
  /** Bounding rectangle of what changed, pixels. */
  readonly dirtyX: number;
  readonly dirtyY: number;
  readonly dirtyWidth: number;
  readonly dirtyHeight: number;
  /** The picture, `width × height × 4` bytes, ready for `ImageData`; a new array only when the size changes. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

const HEADER = 22;
const TILE = 32;
const MAX_SIDE = 1920;
const MAX_PIXELS = 1920 * 1080;
const MAX_COLOURS = 32;
const OPAQUE = 0xff000000 | 0;

export class FrameDecoder {
  private readonly zstd = new ZstdStream();
  private synchronized = false;
  private words = new Int32Array(0);
  private bodyWords: Int32Array<ArrayBuffer> = new Int32Array(0);
  private left = 0;
  private top = 0;
  private right = 0;
  private bottom = 0;
  private readonly frame = {
    keyframe: false,
    lossy: false,
    width: 0,
    height: 0,
    frameNumber: 0,
    captureMicros: 0,
    inputSeq: 0,
    encodeMicros: 0,
    dirtyX: 0,
    dirtyY: 0,
    dirtyWidth: 0,
    dirtyHeight: 0,
    rgba: new Uint8ClampedArray(0),
  };

  /** Applies one whole message, type byte first. Throws `NeedKeyframe` if that is impossible; the picture is then out of date. */
  decode(message: Uint8Array): DecodedFrame {
    const { frame } = this;
    if (message.length < HEADER || message[0] !== 1 || message[1]! > 3) throw this.lost('not a frame');
    const keyframe = (message[1]! & 1) !== 0;
    const width = u16(message, 2);
    const height = u16(message, 4);
    if (keyframe) {
      if (width === 0 || height === 0 || width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
        throw this.lost('impossible size');
      }
      if (width !== frame.width || height !== frame.height) {
        frame.rgba = new Uint8ClampedArray(width * height * 4);
        this.words = new Int32Array(frame.rgba.buffer);
      }
      const tiles = Math.ceil(width / TILE) * Math.ceil(height / TILE);
      // Largest body: a scroll, and three bytes per pixel in every tile.
      this.zstd.reset((16 + tiles * 12 + width * height * 3 + 3) & ~3);
    } else if (!this.synchronized || width !== frame.width || height !== frame.height) {
      throw this.lost('no picture to continue');
    }

    this.synchronized = false;
    frame.keyframe = keyframe;
    frame.lossy = (message[1]! & 2) !== 0;
    frame.width = width;
    frame.height = height;
    frame.frameNumber = u32(message, 6);
    frame.captureMicros = u32(message, 10);
    frame.inputSeq = u32(message, 14);
    frame.encodeMicros = u32(message, 18);
    this.left = width;
    this.top = height;
    this.right = this.bottom = 0;
    try {
      this.zstd.decompress(message, HEADER);
      this.apply(this.zstd.memory, this.zstd.start, this.zstd.end);
    } catch (error) {
      throw this.lost(error instanceof Error ? error.message : String(error));
    }
    this.synchronized = true;
    frame.dirtyX = Math.min(this.left, this.right);
    frame.dirtyY = Math.min(this.top, this.bottom);
    frame.dirtyWidth = this.right - frame.dirtyX;
    frame.dirtyHeight = this.bottom - frame.dirtyY;
    return frame;
  }

  private lost(why: string): NeedKeyframe {
    this.synchronized = false;
    return new NeedKeyframe(why);
  }

  /** Moves the content of a rectangle in place. Pixels whose source lies outside of it keep their value. */
  private scroll(x: number, y: number, w: number, h: number, dx: number, dy: number): void {
    const { width, height } = this.frame;
    const columns = w - Math.abs(dx);
    let rows = h - Math.abs(dy);
    if (w === 0 || h === 0 || x + w > width || y + h > height || columns <= 0 || rows <= 0) throw new Error('malformed body');
    let from = (y + Math.max(0, -dy)) * width + x + Math.max(0, -dx);
    let to = (y + Math.max(0, dy)) * width + x + Math.max(0, dx);
    let step = width;
    if (dy > 0) {
      // Downwards: the lowest row moves first, otherwise rows would be overwritten before they are read.
      from += (rows - 1) * width;
      to += (rows - 1) * width;
      step = -width;
    }
    for (; rows > 0; rows--, from += step, to += step) this.words.copyWithin(to, from, from + columns);
    this.left = x;
    this.top = y;
    this.right = x + w;
    this.bottom = y + h;
  }

  private apply(body: Uint8Array<ArrayBuffer>, at: number, end: number): void {
    const { width, height } = this.frame;
    const across = Math.ceil(width / TILE);
    const tiles = across * Math.ceil(height / TILE);
    const pixels = this.words;
    if (this.bodyWords.buffer !== body.buffer) this.bodyWords = new Int32Array(body.buffer);
    const words = this.bodyWords;
    if ((at & 3) !== 0 || ((end - at) & 3) !== 0 || at + 4 > end) throw new Error('malformed body');
    const count = body[at]! | (body[at + 1]! << 8);
    const flags = body[at + 2]! | (body[at + 3]! << 8);
    if (count > tiles || flags > 1) throw new Error('malformed body');
    at += 4;
    if (flags & 1) {
      if (at + 12 > end) throw new Error('malformed body');
      this.scroll(u16(body, at), u16(body, at + 2), u16(body, at + 4), u16(body, at + 6), i16(body, at + 8), i16(body, at + 10));
      at += 12;
    }
    for (let i = 0; i < count; i++) {
      if (at + 8 > end) throw new Error('malformed body');
      const index = body[at]! | (body[at + 1]! << 8);
      const mode = body[at + 2]!;
      const colours = body[at + 3]! + 1;
      const offsetX = body[at + 4]!;
      const offsetY = body[at + 5]!;
      const w = body[at + 6]!;
      const h = body[at + 7]!;
      const x = (index % across) * TILE + offsetX;
      const y = Math.floor(index / across) * TILE + offsetY;
      if (index >= tiles || w === 0 || h === 0 || offsetX + w > TILE || offsetY + h > TILE || x + w > width || y + h > height) {
        throw new Error('malformed body');
      }
      at += 8;
      let target = y * width + x;
      if (mode === 0) {
        if (at + 4 > end) throw new Error('malformed body');
        const colour = words[at >> 2]!;
        for (let row = 0; row < h; row++, target += width) pixels.fill(colour, target, target + w);
        at += 4;
      } else if (mode === 1) {
        const palette = at >> 2;
        const last = colours - 1;
        let source = at + colours * 4;
        const next = source + ((w * h + 3) & ~3);
        if (colours > MAX_COLOURS || next > end) throw new Error('malformed body');
        let beyond = 0;
        for (let row = 0; row < h; row++, target += width) {
          for (let to = target; to < target + w; to++) {
            const colour = body[source++]!;
            beyond |= last - colour;
            pixels[to] = words[palette + colour]!;
          }
        }
        if (beyond < 0) throw new Error('malformed body');
        at = next;
      } else if (mode === 2) {
        const next = at + ((w * h * 3 + 3) & ~3);
        if (next > end) throw new Error('malformed body');
        let first = 0;
        for (let row = 0; row < h; row++, target += width) {
          let pixel = first;
          for (let column = 0; column < w; column++) {
            const green = body[at]!;
            pixel =
              OPAQUE |
              ((((pixel >> 16) + green + body[at + 2]!) & 255) << 16) |
              ((((pixel >> 8) + green) & 255) << 8) |
              ((pixel + green + body[at + 1]!) & 255);
            pixels[target + column] = pixel;
            at += 3;
          }
          first = pixels[target]!;
        }
        at = next;
      } else if (mode === 3 && this.frame.lossy) {
        const next = at + ((((w + 1) >> 1) * ((h + 1) >> 1) * 3 + 3) & ~3);
        if (next > end) throw new Error('malformed body');
        let first = 0;
        for (let row = 0; row < h; row += 2, target += width * 2) {
          let pixel = first;
          for (let column = 0; column < w; column += 2) {
            const green = body[at]!;
            pixel =
              OPAQUE |
              ((((pixel >> 16) + green + body[at + 2]!) & 255) << 16) |
              ((((pixel >> 8) + green) & 255) << 8) |
              ((pixel + green + body[at + 1]!) & 255);
            pixels[target + column] = pixel;
            if (column + 1 < w) pixels[target + column + 1] = pixel;
            at += 3;
          }
          first = pixels[target]!;
          if (row + 1 < h) pixels.copyWithin(target + width, target, target + w);
        }
        at = next;
      } else {
        throw new Error('malformed body');
      }
      if (x < this.left) this.left = x;
      if (y < this.top) this.top = y;
      if (x + w > this.right) this.right = x + w;
      if (y + h > this.bottom) this.bottom = y + h;
    }
    if (at !== end) throw new Error('malformed body');
  }
}

function i16(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) << 16) >> 16;
}

function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
