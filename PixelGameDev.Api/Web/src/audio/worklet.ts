import { decodeSound } from './adpcm';
import { JitterBuffer } from './jitterBuffer';

// The global scope of an audio worklet, which TypeScript's libraries do not describe.
declare const sampleRate: number;
declare function registerProcessor(name: string, type: new () => AudioWorkletProcessorLike): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
interface AudioWorkletProcessorLike {
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

/** Plays sound messages that come directly from the stream's worker, without the page's own thread. */
class GameSound extends AudioWorkletProcessor implements AudioWorkletProcessorLike {
  private readonly buffer = new JitterBuffer(sampleRate);

  constructor() {
    super();
    this.port.onmessage = (event: MessageEvent<MessagePort | 'clear'>) => {
      if (event.data === 'clear') {
        this.buffer.clear();
        return;
      }
      event.data.onmessage = (message: MessageEvent<Uint8Array>) => {
        if (message.data.length === 0) this.buffer.clear();
        const sound = decodeSound(message.data);
        if (sound !== null) this.buffer.push(sound);
      };
    };
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const [left, right] = outputs[0] as [Float32Array, Float32Array];
    this.buffer.read(left, right);
    return true;
  }
}

registerProcessor('game-sound', GameSound);
