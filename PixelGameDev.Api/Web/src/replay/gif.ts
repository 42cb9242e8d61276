import { applyPalette, GIFEncoder, type Palette, quantize } from 'gifenc';
import { FrameDecoder } from '../stream/codec';
import { Picture } from '../stream/picture';
import { RecordingReader } from './recordingFile';

/** Pictures a second. Browsers play a GIF with a shorter time for a picture slowly. */
const rate = 20;
/** Largest side of the GIF, pixels. Larger pictures are made smaller, because a GIF has no compression worth the name. */
const largest = 480;
/** Colours of a picture; one more means "as before". */
const colours = 255;
/** The page may draw after this time, milliseconds. */
const turn = 12;

/**
 * Makes a GIF of a recording. A picture with at most 255 colours that is not made smaller keeps each of its pixels. Rejects with BadRecording
 * for a file without a picture; a damaged file gives what can be shown of it.
 */
export async function makeGif(file: Uint8Array, onProgress: (share: number) => void, signal: AbortSignal): Promise<Blob> {
  const recording = new RecordingReader();
  try {
    recording.push(file);
  } catch (error) {
    if (recording.messages.length === 0) throw error;
  }
  const { header, messages } = recording;
  if (header === undefined) throw new Error('no recording');
  const scale = Math.min(1, largest / Math.max(header.width, header.height));
  const frames = new Frames(Math.max(1, Math.round(header.width * scale)), Math.max(1, Math.round(header.height * scale)));
  const gif = GIFEncoder();
  const last = Math.min(header.millis, (messages.at(-1)?.millis ?? 0) + 500);
  const count = Math.max(1, Math.ceil((last / 1000) * rate));
  let rested = performance.now();
  let waiting: { pixels: Uint8Array; palette: Palette; first: boolean } | undefined;
  let pictures = 0;
  const flush = (): void => {
    if (waiting === undefined) return;
    const { pixels, palette, first } = waiting;
    // A picture that does not change is one picture that stays longer.
    gif.writeFrame(pixels, frames.width, frames.height, {
      palette,
      delay: (pictures * 1000) / rate,
      repeat: 0,
      dispose: 1,
      ...(!first && { transparent: true, transparentIndex: palette.length - 1 }),
    });
  };
  for (let index = 0, next = 0; index < count; index++) {
    const time = (index * 1000) / rate;
    let changed = false;
    for (; next < messages.length && messages[next]!.millis <= time; next++) changed = frames.decode(messages[next]!.bytes) || changed;
    if (changed || index === 0) {
      flush();
      waiting = frames.take();
      pictures = 0;
    }
    pictures++;
    if (performance.now() - rested > turn) {
      onProgress(index / count);
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      rested = performance.now();
    }
  }
  flush();
  gif.finish();
  onProgress(1);
  return new Blob([gif.bytes()], { type: 'image/gif' });
}

/** Decodes pictures, makes them smaller and reduces their colours. */
class Frames {
  private readonly decoder = new FrameDecoder();
  private readonly picture = new Picture();
  private readonly whole = document.createElement('canvas');
  private readonly small = document.createElement('canvas');
  private before: Uint32Array | undefined;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.picture.setCanvas(this.whole);
    this.small.width = width;
    this.small.height = height;
  }

  /** Returns whether the picture has changed. */
  decode(message: Uint8Array): boolean {
    try {
      const frame = this.decoder.decode(message);
      this.picture.show(frame);
      return frame.dirtyWidth > 0;
    } catch {
      return false;
    }
  }

  /** Returns the picture that is shown now. What is as before is transparent. */
  take(): { pixels: Uint8Array; palette: Palette; first: boolean } {
    const context = this.small.getContext('2d', { alpha: false, willReadFrequently: true })!;
    context.drawImage(this.whole, 0, 0, this.width, this.height);
    const { data } = context.getImageData(0, 0, this.width, this.height);
    const now = new Uint32Array(data.buffer.slice(0));
    const { before } = this;
    this.before = now;
    const { pixels, palette } = exact(now, before) ?? reduced(data, now, before);
    return { pixels, palette, first: before === undefined };
  }
}

/** Keeps every colour; undefined: there are too many. Only what differs from the picture before needs a colour. */
function exact(now: Uint32Array, before: Uint32Array | undefined): { pixels: Uint8Array; palette: Palette } | undefined {
  const numbers = new Map<number, number>();
  const pixels = new Uint8Array(now.length);
  const same: number[] = [];
  for (let at = 0; at < now.length; at++) {
    const pixel = now[at]!;
    if (before !== undefined && pixel === before[at]) {
      same.push(at);
      continue;
    }
    let number = numbers.get(pixel);
    if (number === undefined) {
      if (numbers.size === colours) return undefined;
      number = numbers.size;
      numbers.set(pixel, number);
    }
    pixels[at] = number;
  }
  for (const at of same) pixels[at] = numbers.size;
  const palette = [...numbers.keys()].map((pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]);
  return { pixels, palette: [...palette, [0, 0, 0]] };
}

function reduced(data: Uint8ClampedArray, now: Uint32Array, before: Uint32Array | undefined): { pixels: Uint8Array; palette: Palette } {
  const palette = quantize(data, colours);
  const pixels = applyPalette(data, palette);
  if (before !== undefined) for (let at = 0; at < now.length; at++) if (now[at] === before[at]) pixels[at] = palette.length;
  return { pixels, palette: [...palette, [0, 0, 0]] };
}
