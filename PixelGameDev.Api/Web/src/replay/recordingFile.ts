/**
 * Reads the file of a recording (docs/PROTOCOL.md) while it arrives, so that its first picture is there before its last one. It trusts
 * nothing that it reads.
 */

/** Thrown if the bytes are no recording, or a damaged one. What was read before is good. */
export class BadRecording extends Error {}

export interface RecordedMessage {
  /** Time since the first message, milliseconds. */
  readonly millis: number;
  /** The whole message, type byte first. */
  readonly bytes: Uint8Array;
}

export interface RecordingHeader {
  /** Size of the first picture, pixels. */
  readonly width: number;
  readonly height: number;
  /** How long it takes, milliseconds. */
  readonly millis: number;
  readonly frames: number;
}

const magic = [0x50, 0x47, 0x44, 0x52, 1, 0];
const headerSize = 20;
const entrySize = 8;
const mostBytes = 2_000_000;
const mostMillis = 30_000;
const mostPixels = 1920 * 1080;

export class RecordingReader {
  header: RecordingHeader | undefined;
  readonly messages: RecordedMessage[] = [];
  private bytes = new Uint8Array(64 * 1024);
  private length = 0;
  private at = 0;

  /** Takes the next bytes of the file. Throws `BadRecording`. */
  push(chunk: Uint8Array): void {
    if (this.length + chunk.length > mostBytes) throw new BadRecording('too long');
    if (this.length + chunk.length > this.bytes.length) {
      const larger = new Uint8Array(Math.min(mostBytes, Math.max(this.bytes.length * 2, this.length + chunk.length)));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
    this.read();
  }

  /** Checks that the file is complete. Throws `BadRecording`. */
  finish(): void {
    if (this.header === undefined || this.at !== this.length || this.messages.length !== this.header.frames)
      throw new BadRecording('cut off');
  }

  private read(): void {
    if (this.header === undefined) {
      if (this.length < headerSize) return;
      this.header = this.readHeader();
      this.at = headerSize;
    }
    const { bytes, header } = this;
    while (this.length - this.at >= entrySize) {
      const millis = u32(bytes, this.at);
      const size = u32(bytes, this.at + 4);
      const last = this.messages.at(-1)?.millis ?? 0;
      if (size === 0 || size > mostBytes || millis < last || millis > header.millis || this.messages.length === header.frames)
        throw new BadRecording('damaged');
      const start = this.at + entrySize;
      if (this.length - start < size) return;
      this.messages.push({ millis, bytes: bytes.slice(start, start + size) });
      this.at = start + size;
    }
  }

  private readHeader(): RecordingHeader {
    const { bytes } = this;
    const header = { width: u16(bytes, 6), height: u16(bytes, 8), millis: u32(bytes, 12), frames: u32(bytes, 16) };
    const { width, height, millis, frames } = header;
    const good = width > 0 && height > 0 && width * height <= mostPixels && millis <= mostMillis && frames > 0 && frames <= mostBytes;
    if (!good || magic.some((byte, index) => bytes[index] !== byte)) throw new BadRecording('no recording');
    return header;
  }
}

function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function u32(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
}
