import type { Bytes } from '../stream/protocol';
import type { Size } from './layout';

export interface InputTarget {
  /** Sends one input; `at` is the event's time stamp, or 0 if no picture answers the input. */
  input(encode: (seq: number) => Bytes, at: number): void;
}

/** What mouse, fingers and gamepads need of the page. */
export interface PointerOptions {
  canvas: HTMLCanvasElement;
  target: InputTarget;
  /** Returns the size of the game's picture, or null while no game takes input. */
  game(): Size | null;
  /** Gives the game the keyboard. */
  takeKeyboard(): void;
}
