import { SoundOutput } from '../../../audio/output';
import { Player } from '../../../stream/player';
import type { RunEvent } from '../../../stream/runTag';
import type { StageModel } from './stageModel';

/** The picture and the sound of a game: what somebody needs who only watches it. */
export class GamePicture {
  /** Undefined until the canvas exists. */
  player!: Player;
  readonly sound = new SoundOutput((port) => this.player.setAudio(port));

  constructor(protected readonly stage: StageModel) {}

  setMuted(muted: boolean): void {
    this.stage.setMuted(muted);
    this.sound.setMuted(muted);
  }

  dispose(): void {
    this.sound.stop();
    this.player.dispose();
  }

  /** Lets the stream draw on this canvas. */
  attachPlayer(canvas: HTMLCanvasElement, onEvent: (event: RunEvent) => void): void {
    this.player = new Player(canvas, onEvent);
    this.sound.setMuted(this.stage.muted.value);
    // For tests and benchmarks: what a person sees. The canvas is drawn in a worker, so nothing else can read it.
    const probe = {
      readPixels: (x: number, y: number, width: number, height: number) => this.player.readPixels(x, y, width, height),
      takeSamples: () => this.player.takeSamples(),
    };
    Object.defineProperty(window, 'pixelgamedev', { value: Object.freeze(probe), configurable: true });
  }
}
