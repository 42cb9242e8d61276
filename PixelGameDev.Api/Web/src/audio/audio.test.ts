import { describe, expect, it } from 'vitest';
import { decodeSound } from './adpcm';
import { JitterBuffer } from './jitterBuffer';

function message(channels: number, samples: number, fill: number): Uint8Array {
  const block = 4 + Math.ceil(samples / 2);
  const bytes = new Uint8Array(13 + channels * block).fill(fill, 13);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 5);
  view.setUint8(1, 2);
  view.setUint8(2, channels);
  view.setUint16(3, samples, true);
  view.setUint32(5, 44100, true);
  for (let i = 0; i < channels; i++) {
    view.setInt16(13 + i * block, 1000 * (i + 1), true);
    view.setUint8(13 + i * block + 2, 0);
    view.setUint8(13 + i * block + 3, 0);
  }
  return bytes;
}

describe('decodeSound', () => {
  it('follows the IMA tables', () => {
    // Code 7 from index 0: step 7, delta 0+7+3+1 = 11, index 8; then step 16: 2+16+8+4 = 30.
    const sound = decodeSound(message(1, 3, 0x77))!;
    expect([...sound.channels[0]!.slice(0, 2)].map((value) => Math.round(value * 32768))).toEqual([1011, 1041]);
    expect(sound.rate).toBe(44100);
  });
  it('reads two channels', () => {
    const { channels } = decodeSound(message(2, 4, 0))!;
    expect(channels.map((channel) => Math.round(channel[0]! * 32768))).toEqual([1000, 2000]);
  });
  it('refuses what is cut short or of another kind', () => {
    expect(decodeSound(message(2, 4, 0).subarray(0, 20))).toBeNull();
    expect(decodeSound(Uint8Array.of(5, 1))).toBeNull();
    expect(decodeSound(new Uint8Array(100))).toBeNull();
  });
});

describe('JitterBuffer', () => {
  const sound = (value: number, seconds = 0.02, rate = 1000) => ({ rate, channels: [new Float32Array(rate * seconds).fill(value)] });
  const read = (buffer: JitterBuffer, count: number): number[] => {
    const left = new Float32Array(count);
    buffer.read(left, new Float32Array(count));
    return [...left];
  };

  it('collects a little before it plays, then plays without a gap', () => {
    const buffer = new JitterBuffer(1000);
    buffer.push(sound(1));
    expect(read(buffer, 5)).toEqual([0, 0, 0, 0, 0]);
    buffer.push(sound(1));
    buffer.push(sound(1));
    expect(read(buffer, 60).every((value) => value === 1)).toBe(true);
    expect(read(buffer, 1)).toEqual([0]);
  });

  it('drops what comes too late to be with the picture', () => {
    const buffer = new JitterBuffer(1000);
    for (let i = 0; i < 100; i++) buffer.push(sound(i));
    expect(buffer.length).toBeLessThanOrEqual(0.2);
    expect(read(buffer, 1)[0]).toBeGreaterThan(80);
  });

  it('plays at the rate of the loudspeaker', () => {
    const buffer = new JitterBuffer(2000);
    for (let i = 0; i < 5; i++) buffer.push(sound(1));
    expect(read(buffer, 200).filter((value) => value === 1).length).toBe(200);
    expect(read(buffer, 1)).toEqual([0]);
  });
});
