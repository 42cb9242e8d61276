import { computed, signal } from '@preact/signals';
import { newId } from '../../api/ids';
import { remembered } from '../../frame/remembered';
import type { InputTarget } from '../../play/pointerOptions';
import { SeatInput } from '../../play/seatInput';
import { decodeJson } from '../../stream/protocol';
import { encodeJoin, type SeatsMessage } from '../../stream/seatProtocol';
import { bytesOf, type Guest, type TabGuest } from './tabGuest';

/** Lets a watcher ask for a place as player 2, 3 or 4. While it has one, its controls reach the game. */
export class WatchSeat {
  readonly now = signal<SeatsMessage>({ seats: [] });
  readonly seat = computed(() => this.now.value.you?.seat ?? 0);
  /** True if the person has asked to play, or plays. */
  readonly asks = signal(false);
  readonly input: SeatInput;
  private stopInput: (() => void) | undefined;

  /** A person who was on the last page of this tab goes on: the first connection says who it is. */
  constructor(
    private readonly target: InputTarget,
    private readonly tab: TabGuest,
  ) {
    this.input = new SeatInput(target);
    this.asks.value = tab.now?.asks ?? false;
  }

  get lastName(): string {
    return this.tab.now?.name ?? remembered.get('guestName') ?? '';
  }

  ask(name: string): void {
    const trimmed = name.trim();
    remembered.set('guestName', trimmed);
    this.tell({ key: this.tab.now?.key ?? newId(), name: trimmed, asks: true });
  }

  /** Gives the seat back, or does not want one any more. */
  leave(): void {
    if (this.tab.now !== undefined) this.tell({ ...this.tab.now, asks: false });
  }

  /** A Run has ended, or the next one begins: nobody has a seat. */
  reset(): void {
    this.end();
    this.now.value = { seats: [] };
  }

  /** A new connection does not know this page. */
  connected(): void {
    if (this.tab.now !== undefined) this.tell(this.tab.now);
  }

  take(payload: Uint8Array): void {
    const now = decodeJson<SeatsMessage>(payload);
    const guest = this.tab.now;
    if (now.you !== undefined) {
      this.asks.value = now.you.wantsToPlay;
      if (guest !== undefined) guest.asks = now.you.wantsToPlay;
    }
    // A new connection, which has not heard yet who this is: what is held stays held.
    else if (guest !== undefined && this.now.value.you !== undefined) now.you = this.now.value.you;
    this.now.value = now;
    if (this.seat.value !== 0) this.stopInput ??= this.input.start();
    else this.end();
  }

  /** The page is over. */
  end(): void {
    this.stopInput?.();
    this.stopInput = undefined;
  }

  private tell(guest: Guest): void {
    this.tab.now = guest;
    this.asks.value = guest.asks;
    this.target.input(() => encodeJoin(guest.asks, bytesOf(guest.key), guest.name), 0);
  }
}
