import { computed, signal } from '@preact/signals';
import { remembered } from '../../frame/remembered';
import type { InputTarget } from '../../play/pointerOptions';
import { SeatInput } from '../../play/seatInput';
import { decodeJson } from '../../stream/protocol';
import { encodeJoin, type SeatsMessage } from '../../stream/seatProtocol';

/** Lets a watcher ask for a place as player 2, 3 or 4. While it has one, its controls reach the game. */
export class WatchSeat {
  readonly now = signal<SeatsMessage>({ seats: [] });
  readonly seat = computed(() => this.now.value.you?.seat ?? 0);
  /** True if the person has asked to play, or plays. */
  readonly asks = signal(false);
  readonly input: SeatInput;
  private readonly key = crypto.getRandomValues(new Uint8Array(16));
  private name = remembered.get('guestName') ?? '';
  private said = false;
  private stopInput: (() => void) | undefined;

  constructor(private readonly target: InputTarget) {
    this.input = new SeatInput(target);
  }

  get lastName(): string {
    return this.name;
  }

  ask(name: string): void {
    this.name = name.trim();
    remembered.set('guestName', this.name);
    this.said = true;
    this.asks.value = true;
    this.tell();
  }

  /** Gives the seat back, or does not want one any more. */
  leave(): void {
    this.asks.value = false;
    this.tell();
  }

  /** A new connection does not know this page. */
  connected(): void {
    if (this.said) this.tell();
  }

  take(payload: Uint8Array): void {
    const now = decodeJson<SeatsMessage>(payload);
    if (now.you !== undefined) this.asks.value = now.you.wantsToPlay;
    // A new connection, which has not heard yet who this is: what is held stays held.
    else if (this.said && this.now.value.you !== undefined) now.you = this.now.value.you;
    this.now.value = now;
    if (this.seat.value !== 0) this.stopInput ??= this.input.start();
    else this.end();
  }

  /** The game is over, or the page. */
  end(): void {
    this.stopInput?.();
    this.stopInput = undefined;
  }

  private tell(): void {
    this.target.input(() => encodeJoin(this.asks.value, this.key, this.name), 0);
  }
}
