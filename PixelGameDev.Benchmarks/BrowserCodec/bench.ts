/**
 * The page's decoder beside two zstd packages, on messages that `./pixel bench codec --dump DIR` wrote:
 *
 *     npm ci && npm run bench -- DIR
 *
 * Only the zstd part is compared; the last column is the whole decoder, pixels included.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { Decompress } from 'fzstd';
import { ZSTDDecoder } from 'zstddec/stream';
import { FrameDecoder } from '../../PixelGameDev.Api/Web/src/stream/codec/index';
import { ZstdStream } from '../../PixelGameDev.Api/Web/src/stream/codec/zstd';

const HEADER = 22;
const folder = process.argv[2];
if (!folder) throw new Error('usage: npm run bench -- DIR');

type Decode = (message: Uint8Array) => void;

function ours(): Decode {
  const stream = new ZstdStream();
  return (message) => {
    if (message[1]! & 1) {
      const [width, height] = size(message);
      stream.reset((16 + Math.ceil(width / 32) * Math.ceil(height / 32) * 12 + width * height * 3 + 3) & ~3);
    }
    stream.decompress(message, HEADER);
  };
}

function fzstd(): Decode {
  let stream: Decompress;
  return (message) => {
    if (message[1]! & 1) stream = new Decompress(() => {});
    stream.push(message.subarray(HEADER));
  };
}

/** The package's own surface decodes whole streams; its WebAssembly instance has what a kept stream needs. */
interface Zstd {
  memory: WebAssembly.Memory;
  malloc(size: number): number;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): number;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

async function wasm(): Promise<() => Decode> {
  let zstd: Zstd | undefined;
  class Grab extends ZSTDDecoder {
    override _init(result: WebAssembly.WebAssemblyInstantiatedSource): void {
      super._init(result);
      zstd = result.instance.exports as unknown as Zstd;
    }
  }
  await new Grab().init();
  const z = zstd!;
  const input = z.malloc(8 << 20);
  const output = z.malloc(8 << 20);
  const buffers = z.malloc(24);
  return () => {
    let context = 0;
    return (message) => {
      if (message[1]! & 1) {
        if (context) z.ZSTD_freeDCtx(context);
        context = z.ZSTD_createDCtx();
      }
      new Uint8Array(z.memory.buffer).set(message, input);
      let words = new Int32Array(z.memory.buffer, buffers, 6);
      words.set([input + HEADER, message.length - HEADER, 0, output, 8 << 20, 0]);
      let before = -1;
      while (before !== words[2]! + words[5]!) {
        before = words[2]! + words[5]!;
        z.ZSTD_decompressStream(context, buffers + 12, buffers);
        if (words.buffer !== z.memory.buffer) words = new Int32Array(z.memory.buffer, buffers, 6);
      }
      if (words[2] !== message.length - HEADER) throw new Error('not all was read');
    };
  };
}

function whole(): Decode {
  const decoder = new FrameDecoder();
  return (message) => void decoder.decode(message);
}

function size(message: Uint8Array): [number, number] {
  return [message[2]! | (message[3]! << 8), message[4]! | (message[5]! << 8)];
}

function read(path: string): Uint8Array[] {
  const bytes = readFileSync(path);
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    messages.push(new Uint8Array(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return messages;
}

/** CPU time, not the clock's: what else runs on the machine must not decide. */
function measure(make: () => Decode, messages: Uint8Array[]): string {
  const rounds: number[] = [];
  let garbage = 0;
  for (let round = 0; round < 8; round++) {
    const decode = make();
    decode(messages[0]!);
    globalThis.gc!();
    const before = process.memoryUsage();
    const start = process.cpuUsage();
    for (let i = 1; i < messages.length; i++) decode(messages[i]!);
    const spent = process.cpuUsage(start);
    const after = process.memoryUsage();
    rounds.push((spent.user + spent.system) / (messages.length - 1));
    // A collection in between hides some garbage, so the largest of the rounds is the best estimate.
    garbage = Math.max(garbage, (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / (messages.length - 1));
  }
  // The first rounds include the just-in-time compiler.
  const micros = rounds.slice(3).sort((a, b) => a - b)[2]!;
  return `${micros.toFixed(0)} (${(Math.max(0, garbage) / 1024).toFixed(1)})`;
}

const makeWasm = await wasm();
console.log('µs of CPU a frame, in parentheses KiB of garbage a frame');
console.log('| set | bytes a frame | ours | fzstd | zstddec (WebAssembly) | whole decoder |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const file of readdirSync(folder).filter((name) => name.endsWith('.frames')).sort()) {
  const messages = read(`${folder}/${file}`);
  const bytes = messages.slice(1).reduce((sum, message) => sum + message.length, 0) / (messages.length - 1);
  console.log(
    `| ${file.replace('.frames', '')} | ${bytes.toFixed(0)} | ${measure(ours, messages)} | ${measure(fzstd, messages)} | ${measure(makeWasm, messages)} | ${measure(whole, messages)} |`,
  );
}
