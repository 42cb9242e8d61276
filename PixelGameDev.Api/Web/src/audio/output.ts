import workletUrl from './worklet.ts?worker&url';

/** Plays the page's sound. Browsers allow that only after a press of the person, so the output is made at the first Run. */
export class SoundOutput {
  private context: AudioContext | undefined;
  private node: AudioWorkletNode | undefined;
  private gain: GainNode | undefined;
  private muted = false;

  constructor(private readonly connect: (port: MessagePort) => void) {}

  setMuted(muted: boolean): void {
    this.muted = muted;
    // A short slope, because a sudden switch clicks.
    this.gain?.gain.setTargetAtTime(muted ? 0 : 1, this.context!.currentTime, 0.015);
  }

  /** Starts the sound of a game and drops the sound of the previous one. In a browser without sound the game is silent. */
  start(): void {
    if (this.context !== undefined) {
      this.node?.port.postMessage('clear');
      void this.context.resume().catch(() => undefined);
      return;
    }
    if (typeof AudioContext === 'undefined' || typeof AudioWorkletNode === 'undefined') return;
    try {
      this.context = new AudioContext({ latencyHint: 'interactive' });
    } catch {
      return;
    }
    void this.make(this.context).catch(() => undefined);
  }

  /** Suspends the output while no game plays. */
  stop(): void {
    void this.context?.suspend().catch(() => undefined);
  }

  private async make(context: AudioContext): Promise<void> {
    await context.audioWorklet.addModule(workletUrl);
    const node = new AudioWorkletNode(context, 'game-sound', { numberOfInputs: 0, outputChannelCount: [2] });
    const gain = context.createGain();
    gain.gain.value = this.muted ? 0 : 1;
    node.connect(gain).connect(context.destination);
    this.node = node;
    this.gain = gain;
    const channel = new MessageChannel();
    node.port.postMessage(channel.port1, [channel.port1]);
    this.connect(channel.port2);
  }
}
