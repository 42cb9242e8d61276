/** A sound message (docs/PROTOCOL.md): IMA ADPCM, each message complete in itself. */
export interface Sound {
  /** Samples per second. */
  rate: number;
  /** One array per channel (one or two), −1 … 1. */
  channels: Float32Array[];
}

const steps = Uint16Array.of(
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  16,
  17,
  19,
  21,
  23,
  25,
  28,
  31,
  34,
  37,
  41,
  45,
  50,
  55,
  60,
  66,
  73,
  80,
  88,
  97,
  107,
  118,
  130,
  143,
  157,
  173,
  190,
  209,
  230,
  253,
  279,
  307,
  337,
  371,
  408,
  449,
  494,
  544,
  598,
  658,
  724,
  796,
  876,
  963,
  1060,
  1166,
  1282,
  1411,
  1552,
  1707,
  1878,
  2066,
  2272,
  2499,
  2749,
  3024,
  3327,
  3660,
  4026,
  4428,
  4871,
  5358,
  5894,
  6484,
  7132,
  7845,
  8630,
  9493,
  10442,
  11487,
  12635,
  13899,
  15289,
  16818,
  18500,
  20350,
  22385,
  24623,
  27086,
  29794,
  32767,
);
const indexChanges = Int8Array.of(-1, -1, -1, -1, 2, 4, 6, 8);
const header = 13;

/** Reads a whole message, type byte first; null if the page cannot play it. */
export function decodeSound(message: Uint8Array): Sound | null {
  if (message.length < header || message[1] !== 2) return null;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const count = view.getUint8(2);
  const samples = view.getUint16(3, true);
  const rate = view.getUint32(5, true);
  const block = 4 + ((samples + 1) >> 1);
  if (count < 1 || count > 2 || samples < 1 || samples > 4096 || rate < 8000 || rate > 96000) return null;
  if (message.length < header + count * block) return null;

  const channels: Float32Array[] = [];
  for (let channel = 0; channel < count; channel++) {
    const at = header + channel * block;
    let predictor = view.getInt16(at, true);
    let index = Math.min(88, view.getUint8(at + 2));
    const output = new Float32Array(samples);
    for (let i = 0; i < samples; i++) {
      const code = (message[at + 4 + (i >> 1)]! >> ((i & 1) * 4)) & 15;
      const step = steps[index]!;
      let delta = step >> 3;
      if (code & 4) delta += step;
      if (code & 2) delta += step >> 1;
      if (code & 1) delta += step >> 2;
      predictor = Math.max(-32768, Math.min(32767, predictor + (code & 8 ? -delta : delta)));
      index = Math.max(0, Math.min(88, index + indexChanges[code & 7]!));
      output[i] = predictor / 32768;
    }
    channels.push(output);
  }
  return { rate, channels };
}
