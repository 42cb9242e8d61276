import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FrameDecoder } from '../stream/codec';
import { BadRecording, RecordingReader } from './recordingFile';
import { goldenFrames, makeRecording } from './testRecording';

const frames = goldenFrames('starter');
const file = makeRecording(frames);

describe('RecordingReader', () => {
  it.each([1, 7, 1000, file.length])('gives every picture of a file that arrives in pieces of %i bytes', (size) => {
    const reader = new RecordingReader();
    for (let at = 0; at < file.length; at += size) reader.push(file.subarray(at, at + size));
    reader.finish();
    expect(reader.header).toEqual({
      width: frames[0]!.width,
      height: frames[0]!.height,
      millis: frames.length * 20,
      frames: frames.length,
    });
    const decoder = new FrameDecoder();
    const shown = reader.messages.map(({ bytes }) => createHash('sha256').update(decoder.decode(bytes).rgba).digest('hex'));
    expect(shown).toEqual(frames.map(({ rgbaSha256 }) => rgbaSha256));
    expect(reader.messages.map(({ millis }) => millis)).toEqual(frames.map((_, index) => index * 20));
  });

  it('has the first picture as soon as that has arrived', () => {
    const reader = new RecordingReader();
    const first = 20 + 8 + Buffer.from(frames[0]!.message, 'base64').length;
    reader.push(file.subarray(0, first - 1));
    expect(reader.messages).toHaveLength(0);
    reader.push(file.subarray(first - 1, first));
    expect(reader.messages).toHaveLength(1);
    expect(() => reader.finish()).toThrow(BadRecording);
  });

  it.each<[string, (file: Uint8Array) => void]>([
    ['another file', (bytes) => bytes.fill(0x47, 0, 4)],
    ['another version', (bytes) => (bytes[4] = 2)],
    ['no width', (bytes) => bytes.fill(0, 6, 8)],
    ['very long', (bytes) => bytes.fill(0xff, 12, 16)],
    ['no pictures', (bytes) => bytes.fill(0, 16, 20)],
    ['a message of nothing', (bytes) => bytes.fill(0, 24, 28)],
    ['a message of 4 GB', (bytes) => bytes.fill(0xff, 24, 28)],
    ['a time after the end', (bytes) => bytes.fill(0xff, 20, 23)],
  ])('refuses %s', (_, damage) => {
    const damaged = file.slice();
    damage(damaged);
    expect(() => new RecordingReader().push(damaged)).toThrow(BadRecording);
  });

  it('refuses more than a recording can have', () => {
    expect(() => new RecordingReader().push(new Uint8Array(2_000_001))).toThrow(BadRecording);
  });

  it('survives any damage', () => {
    // A fixed sequence of pseudo-random numbers: the same damage in every run.
    let seed = 4711;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed % below;
    };
    let refused = 0;
    for (let round = 0; round < 500; round++) {
      const damaged = file.slice(0, round % 3 === 0 ? random(file.length) : file.length);
      for (let i = 0; i < 3; i++) damaged[random(Math.min(damaged.length, 400))] = random(256);
      const reader = new RecordingReader();
      try {
        reader.push(damaged);
        reader.finish();
      } catch (error) {
        expect(error).toBeInstanceOf(BadRecording);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(150);
  });
});
