import { readFileSync } from 'node:fs';

/** Messages of the C# encoder, with the SHA-256 of the picture after each; for tests. */
export interface GoldenFrame {
  width: number;
  height: number;
  keyframe: boolean;
  rgbaSha256: string;
  message: string;
}

export function goldenFrames(scene: string): GoldenFrame[] {
  const scenes = JSON.parse(readFileSync(new URL('../stream/codec/golden.json', import.meta.url), 'utf8')) as {
    name: string;
    frames: GoldenFrame[];
  }[];
  return scenes.find(({ name }) => name === scene)!.frames;
}

/** Makes the file of a recording with a frame every 20 ms, as the Executor does. */
export function makeRecording(frames: readonly GoldenFrame[]): Uint8Array {
  const messages = frames.map(({ message }) => Buffer.from(message, 'base64'));
  const file = Buffer.alloc(20 + messages.reduce((sum, message) => sum + 8 + message.length, 0));
  file.write('PGDR\u0001\0', 'latin1');
  file.writeUInt16LE(frames[0]!.width, 6);
  file.writeUInt16LE(frames[0]!.height, 8);
  file.writeUInt32LE(frames.length * 20, 12);
  file.writeUInt32LE(frames.length, 16);
  let at = 20;
  messages.forEach((message, index) => {
    file.writeUInt32LE(index * 20, at);
    file.writeUInt32LE(message.length, at + 4);
    message.copy(file, at + 8);
    at += 8 + message.length;
  });
  return new Uint8Array(file);
}
