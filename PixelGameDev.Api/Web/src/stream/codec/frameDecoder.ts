/**
 * Turns Frame messages (docs/PROTOCOL.md) into a picture. No DOM: it runs in a Worker, in the page and in Node alike.
 * Nothing is allocated per frame; the picture and the message's window stay until the picture's size changes.
 */
import { ZstdStream } from './zstd';

/** The frame continues a picture that is not here, or is damaged: ask for a keyframe and go on. */
export class NeedKeyframe extends Error {}

/** What one message changed. The decoder reuses the object: read it before the next `decode`. */
export interface DecodedFrame {
  readonly keyframe: boolean;
  /** Differs from the game's own picture; an exact one follows. */
  readonly lossy: boolean;
  readonly width: number;
  readonly height: number;
  readonly frameNumber: number;
  /** Sandbox clock, µs modulo 2³². */
  readonly captureMicros: number;
  /** Last input the game had seen; 0: none. */
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

export class FrameDecoder {
  private readonly zstd = new ZstdStream();
  private synchronized = false;
  private words = new Uint32Array(0);
  private bodyWords: Uint32Array<ArrayBuffer> = new Uint32Array(0);
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

  /** Applies one whole message, from its type byte on. Throws `NeedKeyframe` when it cannot; the picture is then stale. */
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
        this.words = new Uint32Array(frame.rgba.buffer);
      }
      const tiles = Math.ceil(width / TILE) * Math.ceil(height / TILE);
      this.zstd.reset(4 + tiles * 8 + width * height * 4);
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

  private apply(body: Uint8Array<ArrayBuffer>, at: number, end: number): void {
    const { width, height } = this.frame;
    const across = Math.ceil(width / TILE);
    const tiles = across * Math.ceil(height / TILE);
    const pixels = this.words;
    if (this.bodyWords.buffer !== body.buffer) this.bodyWords = new Uint32Array(body.buffer);
    const words = this.bodyWords;
    if ((at & 3) !== 0 || ((end - at) & 3) !== 0 || at + 4 > end) throw new Error('malformed body');
    const count = words[at >> 2]!;
    if (count > tiles) throw new Error('malformed body');
    at += 4;
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
        let source = at + colours * 4;
        const next = source + ((w * h + 3) & ~3);
        if (next > end) throw new Error('malformed body');
        for (let row = 0; row < h; row++, target += width) {
          for (let column = 0; column < w; column++) {
            const colour = body[source++]!;
            if (colour >= colours) throw new Error('malformed body');
            pixels[target + column] = words[palette + colour]!;
          }
        }
        at = next;
      } else if (mode === 2) {
        if (at + w * h * 4 > end) throw new Error('malformed body');
        let source = at >> 2;
        for (let row = 0; row < h; row++, target += width) {
          for (let column = 0; column < w; column++) pixels[target + column] = words[source++]!;
        }
        at = source << 2;
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

function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
