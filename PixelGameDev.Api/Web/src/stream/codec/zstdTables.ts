/** Constants of zstd (RFC 8878, 3.1.1.3.2), and the tables of its entropy decoder. */

/** Thrown for data that the encoder does not write. */
export class ZstdError extends Error {}

export const LITERAL_LENGTH_BASE = new Int32Array([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192,
  16384, 32768, 65536,
]);
export const LITERAL_LENGTH_BITS = new Uint8Array([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
export const MATCH_LENGTH_BASE = new Int32Array([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 37, 39, 41,
  43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539,
]);
export const MATCH_LENGTH_BITS = new Uint8Array([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9,
  10, 11, 12, 13, 14, 15, 16,
]);
export const LITERAL_LENGTH_DEFAULT = [
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
];
export const MATCH_LENGTH_DEFAULT = [
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  -1, -1, -1, -1, -1, -1, -1,
];
export const OFFSET_DEFAULT = [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1];

export const log2 = (value: number): number => 31 - Math.clz32(value);

/** A finite-state-entropy table; an entry is `symbol | bits << 8 | next state's base << 16`. */
export class FseTable {
  readonly entries: Int32Array;
  readonly maxLog: number;
  log = 0;
  valid = false;
  private readonly next = new Int32Array(256);
  private readonly symbols: Uint8Array;

  constructor(maxLog: number) {
    this.maxLog = maxLog;
    this.entries = new Int32Array(1 << maxLog);
    this.symbols = new Uint8Array(1 << maxLog);
  }

  /** Fills the table with one symbol. */
  single(symbol: number): void {
    this.log = 0;
    this.entries[0] = symbol;
    this.valid = true;
  }

  build(counts: ArrayLike<number>, symbolCount: number, log: number): void {
    const { entries, next, symbols } = this;
    const size = 1 << log;
    const mask = size - 1;
    let high = size;
    for (let s = 0; s < symbolCount; s++) {
      const count = counts[s]!;
      next[s] = count < 0 ? 1 : count;
      if (count < 0) symbols[--high] = s;
    }
    const step = (size >> 1) + (size >> 3) + 3;
    let at = 0;
    for (let s = 0; s < symbolCount; s++) {
      for (let i = counts[s]!; i > 0; i--) {
        symbols[at] = s;
        do at = (at + step) & mask;
        while (at >= high);
      }
    }
    if (at !== 0) throw new ZstdError('bad table');
    for (let i = 0; i < size; i++) {
      const s = symbols[i]!;
      const state = next[s]!++;
      const bits = log - log2(state);
      entries[i] = s | (bits << 8) | (((state << bits) - size) << 16);
    }
    this.log = log;
    this.valid = true;
  }
}
