import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FrameDecoder, NeedKeyframe } from './index';

interface GoldenScene {
  name: string;
  frames: { width: number; height: number; keyframe: boolean; lossy: boolean; frameNumber: number; rgbaSha256: string; message: string }[];
}

const scenes = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8')) as GoldenScene[];
const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

describe('FrameDecoder', () => {
  for (const scene of scenes) {
    it(`shows what the C# encoder saw: ${scene.name}`, () => {
      const decoder = new FrameDecoder();
      for (const frame of scene.frames) {
        const shown = decoder.decode(bytes(frame.message));
        expect(shown).toMatchObject({
          width: frame.width,
          height: frame.height,
          keyframe: frame.keyframe,
          lossy: frame.lossy,
          frameNumber: frame.frameNumber,
          captureMicros: frame.frameNumber * 16_667,
          inputSeq: Math.floor(frame.frameNumber / 2),
        });
        expect(createHash('sha256').update(shown.rgba).digest('hex')).toBe(frame.rgbaSha256);
        expect(shown.dirtyX + shown.dirtyWidth).toBeLessThanOrEqual(frame.width);
        expect(shown.dirtyY + shown.dirtyHeight).toBeLessThanOrEqual(frame.height);
      }
    });
  }

  it('changes nothing outside the dirty rectangle', () => {
    const decoder = new FrameDecoder();
    let before: Uint8ClampedArray | undefined;
    for (const { message, keyframe } of scenes.find((scene) => scene.name === 'starter')!.frames) {
      const frame = decoder.decode(bytes(message));
      if (before && !keyframe) {
        for (let y = 0; y < frame.height; y++) {
          for (let x = 0; x < frame.width * 4; x++) {
            const inside =
              y >= frame.dirtyY &&
              y < frame.dirtyY + frame.dirtyHeight &&
              x >> 2 >= frame.dirtyX &&
              x >> 2 < frame.dirtyX + frame.dirtyWidth;
            if (!inside && frame.rgba[y * frame.width * 4 + x] !== before[y * frame.width * 4 + x])
              throw new Error(`changed at ${x >> 2},${y}`);
          }
        }
        expect(frame.dirtyWidth).toBeLessThan(frame.width);
      }
      before = frame.rgba.slice();
    }
  });

  it('asks for a keyframe when it joins late, and goes on from one', () => {
    const { frames } = scenes.find((scene) => scene.name === 'starter')!;
    const decoder = new FrameDecoder();
    const second = frames.findIndex((frame, i) => i > 0 && frame.keyframe);
    expect(() => decoder.decode(bytes(frames[1]!.message))).toThrow(NeedKeyframe);
    for (const frame of frames.slice(second)) {
      expect(
        createHash('sha256')
          .update(decoder.decode(bytes(frame.message)).rgba)
          .digest('hex'),
      ).toBe(frame.rgbaSha256);
    }
  });

  it('refuses a message of very many tiny blocks at once', () => {
    const first = bytes(scenes[0]!.frames[0]!.message);
    const decoder = new FrameDecoder();
    decoder.decode(first);
    // The header of a frame that continues the picture, then blocks that repeat one byte zero times.
    const message = new Uint8Array(22 + 4 * 200_000);
    message.set(first.subarray(0, 22));
    message[1] = 0;
    for (let at = 22; at < message.length; at += 4) message[at] = 2;
    expect(() => decoder.decode(message)).toThrow('too many blocks');
    expect(decoder.decode(first).keyframe).toBe(true);
  });

  it('survives damaged messages', () => {
    // A fixed sequence of pseudo-random numbers: the same damage in every run.
    let seed = 12345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed % below;
    };
    const decoder = new FrameDecoder();
    let refused = 0;
    for (let round = 0; round < 800; round++) {
      const { frames } = scenes[round % 4]!;
      const at = 1 + random(frames.length - 1);
      const damaged = bytes(frames[at]!.message);
      for (let i = 0; i < 3; i++) damaged[random(damaged.length)] = random(256);
      try {
        decoder.decode(bytes(frames[0]!.message));
        for (let i = 1; i < at; i++) decoder.decode(bytes(frames[i]!.message));
        decoder.decode(round % 4 ? damaged : damaged.subarray(0, random(damaged.length)));
      } catch (error) {
        expect(error).toBeInstanceOf(NeedKeyframe);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(200);
    expect(decoder.decode(bytes(scenes[0]!.frames[0]!.message)).keyframe).toBe(true);
  });
});
