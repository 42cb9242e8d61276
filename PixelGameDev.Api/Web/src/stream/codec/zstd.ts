/**
 * Decodes zstd (RFC 8878): one endless frame that arrives in flushed pieces, made for the picture stream. It makes no garbage per piece.
 * The output is contiguous in one buffer together with the window; both have a fixed limit. Why it is not a package:
 * docs/adr/0001-zstd-in-the-browser.md.
 *
 * All data is in one byte array, so that every copy is a `copyWithin`:
 *
 *     0 …                     history | this piece's output | free
 *     literalsAt …            literals of the block (≤ 128 KiB)
 *     inputAt …               copy of the message
 */

import {
  FseTable,
  LITERAL_LENGTH_BASE,
  LITERAL_LENGTH_BITS,
  LITERAL_LENGTH_DEFAULT,
  log2,
  MATCH_LENGTH_BASE,
  MATCH_LENGTH_BITS,
  MATCH_LENGTH_DEFAULT,
  OFFSET_DEFAULT,
  ZstdError,
} from './zstdTables';

const MAGIC = 0xfd2fb528;
const MAX_BLOCK = 128 * 1024;
/**
 * Blocks that one piece may have: these, and one for each 8 KiB of its largest output. The encoder writes one for each 128 KiB, and may
 * split it. A compromised sandbox could send a million tiny blocks that each rebuild all tables: ten seconds of work.
 */
const SPARE_BLOCKS = 64;
const BLOCK_LOG = 13;
/** Bytes after the input that may be read, but are never used. */
const SLACK = 8;
/** log2 of the largest accepted window, bytes: the encoder's own. */
export const MAX_WINDOW_LOG = 21;

export class ZstdStream {
  /** History and output; a view of it stays valid until the next `reset`. */
  memory: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** The same bytes, for unaligned words. */
  private view = new DataView(this.memory.buffer);
  /** Where the last piece's output begins in `memory`: a multiple of 4 if every piece's length is one. */
  start = 0;
  /** Where the output ends. */
  end = 0;

  private capacity = 0;
  private maxOutput = 0;
  private literalsAt = 0;
  private inputAt = 0;
  private windowSize = 0;
  private frameStart = 0;

  private offset1 = 1;
  private offset2 = 4;
  private offset3 = 8;

  private literalsEnd = 0;
  private readonly huffman = new Uint16Array(1 << 11);
  private huffmanLog = 0;
  private readonly weights = new Uint8Array(256);
  private readonly ranks = new Int32Array(13);
  private readonly counts = new Int16Array(256);
  private readonly weightTable = new FseTable(6);
  private readonly literalLengths = new FseTable(9);
  private readonly offsets = new FseTable(8);
  private readonly matchLengths = new FseTable(9);

  /** Begins a new zstd frame whose pieces are at most `maxOutput` bytes each. */
  reset(maxOutput: number): void {
    if (maxOutput !== this.maxOutput) {
      this.maxOutput = maxOutput;
      // History, one piece, and as much again, so that the history rarely moves.
      this.capacity = align((1 << MAX_WINDOW_LOG) * 2 + maxOutput);
      this.literalsAt = this.capacity;
      this.inputAt = align(this.literalsAt + MAX_BLOCK);
      this.allocate(this.inputAt + 64 * 1024);
    }
    this.start = this.end = this.frameStart = 0;
    this.windowSize = 0;
    this.offset1 = 1;
    this.offset2 = 4;
    this.offset3 = 8;
    this.huffmanLog = 0;
    this.literalLengths.valid = this.offsets.valid = this.matchLengths.valid = false;
  }

  /** Decompresses `message`, beginning at `from`; the output is `memory[start … end]`. */
  decompress(message: Uint8Array, from: number): void {
    // Step 1: copy the piece, make room for its output.
    if (this.inputAt + message.length + SLACK > this.memory.length) {
      const { memory } = this;
      this.allocate(this.inputAt + align(message.length * 2) + SLACK);
      this.memory.set(memory.subarray(0, this.end));
    }
    const { memory } = this;
    memory.set(message, this.inputAt);
    let at = this.inputAt + from;
    const inputEnd = this.inputAt + message.length;
    if (this.end + this.maxOutput > this.capacity) {
      const keep = Math.min(this.end - this.frameStart, align(this.windowSize));
      memory.copyWithin(0, this.end - keep, this.end);
      this.end = keep;
      this.frameStart = 0;
    }
    this.start = this.end;

    // Step 2: the frame header, once.
    if (this.windowSize === 0) at = this.readFrameHeader(at, inputEnd);

    // Step 3: blocks.
    const limit = this.start + this.maxOutput;
    let blocksLeft = SPARE_BLOCKS + (this.maxOutput >> BLOCK_LOG);
    while (at < inputEnd) {
      if (--blocksLeft < 0) throw new ZstdError('too many blocks');
      if (at + 3 > inputEnd) throw new ZstdError('truncated');
      const header = memory[at]! | (memory[at + 1]! << 8) | (memory[at + 2]! << 16);
      at += 3;
      if (header & 1) throw new ZstdError('the stream ends early');
      const type = (header >> 1) & 3;
      const size = header >> 3;
      if (size > MAX_BLOCK) throw new ZstdError('block too large');
      if (type === 1) {
        if (at + 1 > inputEnd || this.end + size > limit) throw new ZstdError('truncated');
        memory.fill(memory[at]!, this.end, this.end + size);
        this.end += size;
        at += 1;
        continue;
      }
      if (at + size > inputEnd) throw new ZstdError('truncated');
      if (type === 0) {
        if (this.end + size > limit) throw new ZstdError('too much output');
        memory.copyWithin(this.end, at, at + size);
        this.end += size;
      } else if (type === 2) {
        const sequencesAt = this.readLiterals(at, at + size);
        this.readSequences(sequencesAt, at + size, limit);
      } else {
        throw new ZstdError('bad block type');
      }
      at += size;
    }
  }

  private allocate(bytes: number): void {
    this.memory = new Uint8Array(bytes);
    this.view = new DataView(this.memory.buffer);
  }

  private readFrameHeader(at: number, end: number): number {
    const { memory } = this;
    if (at + 6 > end) throw new ZstdError('truncated');
    const magic = (memory[at]! | (memory[at + 1]! << 8) | (memory[at + 2]! << 16) | (memory[at + 3]! << 24)) >>> 0;
    const descriptor = memory[at + 4]!;
    // No content size, no single segment, no checksum, no dictionary: the encoder writes none of these.
    if (magic !== MAGIC || descriptor !== 0) throw new ZstdError('not a picture stream');
    const window = memory[at + 5]!;
    const base = 2 ** (10 + (window >> 3));
    this.windowSize = base + (base / 8) * (window & 7);
    if (this.windowSize > 1 << MAX_WINDOW_LOG) throw new ZstdError('window too large');
    return at + 6;
  }

  /** Reads the literals of a block to `literalsAt … literalsEnd`; returns where the sequences begin. */
  private readLiterals(at: number, end: number): number {
    const { memory } = this;
    if (at >= end) throw new ZstdError('truncated');
    const first = memory[at]!;
    const type = first & 3;
    const format = (first >> 2) & 3;
    if (type < 2) {
      let size: number;
      if ((format & 1) === 0) {
        size = first >> 3;
        at += 1;
      } else if (format === 1) {
        size = (first >> 4) | (memory[at + 1]! << 4);
        at += 2;
      } else {
        size = (first >> 4) | (memory[at + 1]! << 4) | (memory[at + 2]! << 12);
        at += 3;
      }
      const bytes = type === 0 ? size : 1;
      if (size > MAX_BLOCK || at + bytes > end) throw new ZstdError('bad literals');
      if (type === 0) memory.copyWithin(this.literalsAt, at, at + size);
      else memory.fill(memory[at]!, this.literalsAt, this.literalsAt + size);
      this.literalsEnd = this.literalsAt + size;
      return at + bytes;
    }

    let size: number;
    let compressed: number;
    const streams = format === 0 ? 1 : 4;
    const low = (first >> 4) | (memory[at + 1]! << 4) | (memory[at + 2]! << 12);
    if (format < 2) {
      size = low & 0x3ff;
      compressed = low >> 10;
      at += 3;
    } else if (format === 2) {
      size = low & 0x3fff;
      compressed = (low >> 14) | (memory[at + 3]! << 6);
      at += 4;
    } else {
      size = low & 0x3ffff;
      compressed = (low >> 18) | (memory[at + 3]! << 2) | (memory[at + 4]! << 10);
      at += 5;
    }
    const literalsStop = at + compressed;
    if (size > MAX_BLOCK || literalsStop > end) throw new ZstdError('bad literals');
    if (type === 2) at = this.readHuffmanTable(at, literalsStop);
    else if (this.huffmanLog === 0) throw new ZstdError('no table to repeat');

    const to = this.literalsAt;
    this.literalsEnd = to + size;
    if (streams === 1) {
      this.readHuffmanStream(at, literalsStop, to, to + size);
      return literalsStop;
    }
    if (at + 6 > literalsStop) throw new ZstdError('truncated');
    const quarter = (size + 3) >> 2;
    if (quarter * 3 > size) throw new ZstdError('bad literals');
    const end1 = at + 6 + (memory[at]! | (memory[at + 1]! << 8));
    const end2 = end1 + (memory[at + 2]! | (memory[at + 3]! << 8));
    const end3 = end2 + (memory[at + 4]! | (memory[at + 5]! << 8));
    if (end3 > literalsStop) throw new ZstdError('bad literals');
    this.readHuffmanStream(at + 6, end1, to, to + quarter);
    this.readHuffmanStream(end1, end2, to + quarter, to + quarter * 2);
    this.readHuffmanStream(end2, end3, to + quarter * 2, to + quarter * 3);
    this.readHuffmanStream(end3, literalsStop, to + quarter * 3, to + size);
    return literalsStop;
  }

  private readHuffmanTable(at: number, end: number): number {
    const { memory, weights, ranks, huffman } = this;
    if (at >= end) throw new ZstdError('truncated');
    const header = memory[at++]!;
    let count = 0;
    if (header >= 128) {
      count = header - 127;
      if (at + ((count + 1) >> 1) > end) throw new ZstdError('truncated');
      for (let i = 0; i < count; i += 2) {
        const pair = memory[at++]!;
        weights[i] = pair >> 4;
        weights[i + 1] = pair & 15;
      }
    } else {
      const stop = at + header;
      if (stop > end) throw new ZstdError('truncated');
      count = this.readWeights(this.readFseTable(this.weightTable, at, stop, 6, 12), stop);
      at = stop;
    }

    ranks.fill(0);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const weight = weights[i]!;
      if (weight > 11) throw new ZstdError('bad weights');
      if (weight > 0) sum += 1 << (weight - 1);
    }
    if (sum === 0 || sum >= 1 << 11) throw new ZstdError('bad weights');
    const log = log2(sum) + 1;
    const left = (1 << log) - sum;
    if ((left & (left - 1)) !== 0) throw new ZstdError('bad weights');
    weights[count++] = log2(left) + 1;

    // Symbols of the smallest weight (the longest codes) come first.
    for (let i = 0; i < count; i++) ranks[weights[i]!]!++;
    let next = 0;
    for (let weight = 1; weight <= log; weight++) {
      const here = next;
      next += ranks[weight]! << (weight - 1);
      ranks[weight] = here;
    }
    for (let i = 0; i < count; i++) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      const from = ranks[weight]!;
      const to = from + (1 << (weight - 1));
      huffman.fill(i | ((log + 1 - weight) << 8), from, to);
      ranks[weight] = to;
    }
    this.huffmanLog = log;
    return at;
  }

  /** Reads the weights of a Huffman table, written with two alternating states; returns how many. */
  private readWeights(at: number, end: number): number {
    const { memory, weights } = this;
    const { entries, log } = this.weightTable;
    if (at >= end || memory[end - 1] === 0) throw new ZstdError('bad weights');
    // Few bits: a simple bit-by-bit cursor. It may run below the start once, and reads zeros there.
    let bit = (end - at) * 8 - (8 - log2(memory[end - 1]!));
    const read = (count: number): number => {
      let value = 0;
      for (let i = 0; i < count; i++) {
        bit--;
        value = (value << 1) | (bit >= 0 ? (memory[at + (bit >> 3)]! >> (bit & 7)) & 1 : 0);
      }
      return value;
    };
    let state = read(log);
    let other = read(log);
    let count = 0;
    for (;;) {
      if (count > 253) throw new ZstdError('bad weights');
      const entry = entries[state]!;
      weights[count++] = entry & 0xff;
      state = (entry >> 16) + read((entry >> 8) & 0xff);
      if (bit < 0) {
        weights[count++] = entries[other]! & 0xff;
        return count;
      }
      const swap = state;
      state = other;
      other = swap;
    }
  }

  /**
   * Reads bits from the end of the stream towards its start: `bit` counts the remaining ones. A word may begin below
   * the start. What it holds there belongs to the neighbour, and leads to `bit < 0` at the end.
   */
  private readHuffmanStream(from: number, end: number, to: number, toEnd: number): void {
    const { memory, view, huffman } = this;
    const log = this.huffmanLog;
    const mask = (1 << log) - 1;
    const top = 25 - log;
    if (from >= end || memory[end - 1] === 0) throw new ZstdError('bad literals');
    let bit = (end - from) * 8 - 8 + log2(memory[end - 1]!);
    // A word holds 25 whole bits wherever it begins, and a code has at most 11: two symbols per word.
    const pairsEnd = toEnd - 1;
    while (to < pairsEnd) {
      const at = bit - 25;
      const bits = view.getInt32(from + (at >> 3), true) >>> (at & 7);
      const first = huffman[(bits >>> top) & mask]!;
      const used = first >> 8;
      const second = huffman[(bits >>> (top - used)) & mask]!;
      memory[to] = first;
      memory[to + 1] = second;
      to += 2;
      bit -= used + (second >> 8);
    }
    if (to < toEnd) {
      const at = bit - 25;
      const entry = huffman[((view.getInt32(from + (at >> 3), true) >>> (at & 7)) >>> top) & mask]!;
      memory[to] = entry;
      bit -= entry >> 8;
    }
    if (bit !== 0) throw new ZstdError('bad literals');
  }

  /** Reads a table's description; returns where it ends. */
  private readFseTable(table: FseTable, at: number, end: number, maxLog: number, maxSymbol: number): number {
    const { memory, counts } = this;
    let bit = 0;
    const peek = (count: number): number => {
      const byte = at + (bit >> 3);
      const value = memory[byte]! | (memory[byte + 1]! << 8) | (memory[byte + 2]! << 16);
      return (value >> (bit & 7)) & ((1 << count) - 1);
    };
    const log = peek(4) + 5;
    bit += 4;
    if (log > maxLog) throw new ZstdError('bad table');
    let remaining = 1 << log;
    let symbols = 0;
    while (remaining > 0) {
      if (symbols > maxSymbol || at + (bit >> 3) >= end) throw new ZstdError('bad table');
      const bits = log2(remaining + 1) + 1;
      const lower = (1 << (bits - 1)) - 1;
      const threshold = (1 << bits) - 1 - (remaining + 1);
      let value = peek(bits);
      if ((value & lower) < threshold) {
        value &= lower;
        bit += bits - 1;
      } else {
        if (value > lower) value -= threshold;
        bit += bits;
      }
      const count = value - 1;
      remaining -= count < 0 ? 1 : count;
      counts[symbols++] = count;
      if (count === 0) {
        for (;;) {
          const repeat = peek(2);
          bit += 2;
          for (let i = 0; i < repeat; i++) {
            if (symbols > maxSymbol) throw new ZstdError('bad table');
            counts[symbols++] = 0;
          }
          if (repeat !== 3) break;
        }
      }
    }
    at += (bit + 7) >> 3;
    if (remaining !== 0 || at > end) throw new ZstdError('bad table');
    table.build(counts, symbols, log);
    return at;
  }

  private readTable(
    table: FseTable,
    mode: number,
    at: number,
    end: number,
    defaults: readonly number[],
    defaultLog: number,
    maxSymbol: number,
  ): number {
    if (mode === 0) {
      table.build(defaults, defaults.length, defaultLog);
    } else if (mode === 1) {
      if (at >= end || this.memory[at]! > maxSymbol) throw new ZstdError('bad table');
      table.single(this.memory[at++]!);
    } else if (mode === 2) {
      return this.readFseTable(table, at, end, table.maxLog, maxSymbol);
    } else if (!table.valid) {
      throw new ZstdError('no table to repeat');
    }
    return at;
  }

  /** Executes the sequences of a block: literals and copies from the history, alternating. */
  private readSequences(at: number, end: number, limit: number): void {
    const { memory, view } = this;
    if (at >= end) throw new ZstdError('truncated');
    let count = memory[at++]!;
    if (count >= 128) {
      if (at + 2 > end) throw new ZstdError('truncated');
      if (count === 255) {
        count = (memory[at]! | (memory[at + 1]! << 8)) + 0x7f00;
        at += 2;
      } else {
        count = ((count - 128) << 8) | memory[at++]!;
      }
    }
    let literal = this.literalsAt;
    const { literalsEnd } = this;
    let out = this.end;
    const history = this.frameStart;
    const window = this.windowSize;
    if (count > 0) {
      if (at >= end) throw new ZstdError('truncated');
      const modes = memory[at++]!;
      if (modes & 3) throw new ZstdError('bad modes');
      at = this.readTable(this.literalLengths, modes >> 6, at, end, LITERAL_LENGTH_DEFAULT, 6, 35);
      at = this.readTable(this.offsets, (modes >> 4) & 3, at, end, OFFSET_DEFAULT, 5, 24);
      at = this.readTable(this.matchLengths, (modes >> 2) & 3, at, end, MATCH_LENGTH_DEFAULT, 6, 52);
      if (at >= end || memory[end - 1] === 0) throw new ZstdError('bad sequences');

      const literalEntries = this.literalLengths.entries;
      const offsetEntries = this.offsets.entries;
      const matchEntries = this.matchLengths.entries;
      let { offset1, offset2, offset3 } = this;
      const from = at;
      let bit = (end - from) * 8 - 8 + log2(memory[end - 1]!);
      bit -= this.literalLengths.log;
      let literalState = (view.getInt32(from + (bit >> 3), true) >>> (bit & 7)) & ((1 << this.literalLengths.log) - 1);
      bit -= this.offsets.log;
      let offsetState = (view.getInt32(from + (bit >> 3), true) >>> (bit & 7)) & ((1 << this.offsets.log) - 1);
      bit -= this.matchLengths.log;
      let matchState = (view.getInt32(from + (bit >> 3), true) >>> (bit & 7)) & ((1 << this.matchLengths.log) - 1);
      for (let i = count; i > 0; i--) {
        const literalEntry = literalEntries[literalState]!;
        const matchEntry = matchEntries[matchState]!;
        const offsetEntry = offsetEntries[offsetState]!;

        // Offset, match length, literal length, in this order.
        const offsetCode = offsetEntry & 0xff;
        bit -= offsetCode;
        const offsetValue = (1 << offsetCode) + ((view.getInt32(from + (bit >> 3), true) >>> (bit & 7)) & ((1 << offsetCode) - 1));
        let take = MATCH_LENGTH_BITS[matchEntry & 0xff]!;
        let matchLength = MATCH_LENGTH_BASE[matchEntry & 0xff]!;
        if (take > 0) {
          bit -= take;
          matchLength += (view.getInt32(from + (bit >> 3), true) >>> (bit & 7)) & ((1 << take) - 1);
        }
        take = LITERAL_LENGTH_BITS[literalEntry & 0xff]!;
        let literalLength = LITERAL_LENGTH_BASE[literalEntry & 0xff]!;
        if (take > 0) {
          bit -= take;
          literalLength += (view.getInt32(from + (bit >> 3), true) >>> (bit & 7)) & ((1 << take) - 1);
        }

        // The next states: literal, match, offset. They take at most 26 bits, so the last one needs its own word.
        if (i > 1) {
          const literalTake = (literalEntry >> 8) & 0xff;
          const matchTake = (matchEntry >> 8) & 0xff;
          bit -= literalTake + matchTake;
          let bits = view.getInt32(from + (bit >> 3), true) >>> (bit & 7);
          matchState = (matchEntry >> 16) + (bits & ((1 << matchTake) - 1));
          literalState = (literalEntry >> 16) + ((bits >>> matchTake) & ((1 << literalTake) - 1));
          take = (offsetEntry >> 8) & 0xff;
          bit -= take;
          bits = view.getInt32(from + (bit >> 3), true) >>> (bit & 7);
          offsetState = (offsetEntry >> 16) + (bits & ((1 << take) - 1));
        }

        let offset: number;
        if (offsetValue > 3) {
          offset = offsetValue - 3;
          offset3 = offset2;
          offset2 = offset1;
          offset1 = offset;
        } else {
          const which = literalLength === 0 ? offsetValue + 1 : offsetValue;
          if (which === 1) {
            offset = offset1;
          } else {
            if (which === 2) {
              offset = offset2;
            } else {
              offset = which === 3 ? offset3 : offset1 - 1;
              offset3 = offset2;
            }
            offset2 = offset1;
            offset1 = offset;
          }
        }

        // Literals, then the copy.
        const literalStop = literal + literalLength;
        const matchAt = out + literalLength;
        if (literalStop > literalsEnd || matchAt + matchLength > limit) throw new ZstdError('bad sequence');
        if (offset <= 0 || offset > window || offset > matchAt - history) throw new ZstdError('bad offset');
        if (literalLength > 40) {
          memory.copyWithin(out, literal, literalStop);
          literal = literalStop;
        } else {
          while (literal < literalStop) memory[out++] = memory[literal++]!;
        }
        out = matchAt;
        let source = out - offset;
        if (matchLength > 40 && offset >= matchLength) {
          memory.copyWithin(out, source, source + matchLength);
          out += matchLength;
        } else if (matchLength > 40 && offset === 1) {
          memory.fill(memory[source]!, out, out + matchLength);
          out += matchLength;
        } else if (matchLength > 96) {
          // Overlapping and long: double the present part until the rest fits.
          let have2 = offset;
          const matchStop = out + matchLength;
          while (matchLength > 0) {
            const part = Math.min(have2, matchLength);
            memory.copyWithin(out, source, source + part);
            out += part;
            matchLength -= part;
            have2 += part;
          }
          out = matchStop;
        } else {
          const matchStop = out + matchLength;
          while (out < matchStop) memory[out++] = memory[source++]!;
        }
      }
      if (bit !== 0) throw new ZstdError('bad sequences');
      this.offset1 = offset1;
      this.offset2 = offset2;
      this.offset3 = offset3;
    } else if (at !== end) {
      throw new ZstdError('bad sequences');
    }

    if (out + (literalsEnd - literal) > limit) throw new ZstdError('too much output');
    memory.copyWithin(out, literal, literalsEnd);
    this.end = out + (literalsEnd - literal);
  }
}

function align(value: number): number {
  return (value + 7) & ~7;
}
