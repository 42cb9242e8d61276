import workletUrl from './worklet.ts?worker&url';

/** The page's loudspeaker. Browsers only let it start after a press of the person, so it is made at the first Run. */
export class SoundOutput {
  private context: AudioContext | undefined;
  private node: AudioWorkletNode | undefined;
  private gain: GainNode | undefined;
  private muted = false;

  constructor(private readonly connect: (port: MessagePort) => void) {}

  setMuted(muted: boolean): void {
    this.muted = muted;
    // A short slope: switching at once would click.
    this.gain?.gain.setTargetAtTime(muted ? 0 : 1, this.context!.currentTime, 0.015);
  }

  /** A game starts: nothing of the one before is heard. Without sound in this browser the game is silent, nothing else. */
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

  /** No game plays: the loudspeaker rests. */
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
