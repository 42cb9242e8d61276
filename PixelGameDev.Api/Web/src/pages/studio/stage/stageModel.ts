import { batch, computed, signal } from '@preact/signals';
import { remembered } from '../../../frame/remembered';
import type { Size } from '../../../play/layout';
import type { MouseLockState } from '../../../play/mouseLock';
import type { RunEnd, Wait } from '../../../play/run';
import type { HudFigures } from '../../../stream/events';
import type { Refusal } from '../../../stream/refusal';
import type { SeatsMessage } from '../../../stream/seatProtocol';
import { HudModel } from './hudModel';

export type StageState = 'idle' | 'starting' | 'playing' | 'ended';

/** The cover of the room while there is no picture. */
export type Cover = { kind: 'idle' } | { kind: 'waiting'; what?: Wait; hint: boolean } | { kind: 'turn'; before: number } | { kind: 'end' };

export type Banner = { kind: 'lost' } | { kind: 'refused'; refusal: Refusal } | { kind: 'stoppingOthers' };

/** Kinds of sandbox that the page has words for. */
export type SandboxKind = 'docker' | 'bubblewrap' | 'subprocess';

/** Holds what the game's half of the page shows, as facts only. The words are chosen at drawing, in the person's language. */
export class StageModel {
  readonly state = signal<StageState>('idle');
  readonly cover = signal<Cover | undefined>({ kind: 'idle' });
  readonly end = signal<RunEnd | undefined>(undefined);
  readonly reason = computed(() => this.end.value?.reason);
  /** True if the newest run has shown a picture that is still on the canvas. */
  readonly hasPicture = signal(false);
  /** Pictures shown since Run; tests and benchmarks use it, too. */
  readonly frames = signal(0);
  readonly banner = signal<Banner | undefined>(undefined);
  /** The window's title as the game has set it. */
  readonly caption = signal<string | undefined>(undefined);
  readonly figures = signal<HudFigures | undefined>(undefined);
  readonly keyboard = signal({ focused: false, playing: false });
  readonly cursorVisible = signal(true);
  /** The game's mouse cursor, as CSS names it. */
  readonly cursor = signal('default');
  readonly mouseLock = signal<MouseLockState>('free');
  readonly sandbox = signal<SandboxKind | undefined>(undefined);
  readonly gameSize = signal<Size>({ width: 640, height: 480 });
  readonly muted = signal(remembered.get('muted') === '1');
  /** The number of people who watch this game by an invitation. */
  readonly watchers = signal(0);
  /** Who plays what, and who wants to. */
  readonly seats = signal<SeatsMessage | undefined>(undefined);
  readonly hud = new HudModel();

  idle(): void {
    batch(() => {
      this.begin('idle');
      this.cover.value = { kind: 'idle' };
    });
  }

  /** Begins a run and removes picture, caption and words of the previous one. */
  starting(): void {
    batch(() => {
      this.begin('starting');
      this.cover.value = { kind: 'waiting', hint: false };
    });
  }

  /** Shows what a start waits for; while it waits for its turn, nothing else is said. */
  waitingFor(what: Wait, hint: boolean): void {
    if (this.cover.value?.kind !== 'turn') this.cover.value = { kind: 'waiting', what, hint };
  }

  /** Shows how many starts come before this one; undefined: its turn has come. */
  setTurn(before: number | undefined): void {
    if (before !== undefined) {
      batch(() => {
        this.state.value = 'starting';
        this.cover.value = { kind: 'turn', before };
      });
    } else if (this.cover.value?.kind === 'turn') this.cover.value = { kind: 'waiting', what: 'frame', hint: false };
  }

  playing(): void {
    batch(() => {
      this.state.value = 'playing';
      this.cover.value = undefined;
    });
  }

  /** Notes that the first picture of this run is on the canvas. */
  setPicture(): void {
    batch(() => {
      this.hasPicture.value = true;
      this.frames.value = 1;
    });
  }

  /** Shows the end: below the picture that the game has left, or over the room if there is none. */
  ended(end: RunEnd): void {
    batch(() => {
      this.state.value = 'ended';
      this.end.value = end;
      this.banner.value = undefined;
      this.figures.value = undefined;
      this.cursorVisible.value = true;
      this.cursor.value = 'default';
      this.cover.value = this.hasPicture.value ? undefined : { kind: 'end' };
    });
  }

  setKeyboard(focused: boolean, playing: boolean): void {
    this.keyboard.value = { focused, playing };
  }

  setSandbox(kind: string | null): void {
    this.sandbox.value = kind === 'docker' || kind === 'bubblewrap' || kind === 'subprocess' ? kind : undefined;
  }

  /** Takes the newest figures; a program that has shown no picture has none. */
  setFigures(figures: HudFigures | undefined): void {
    batch(() => {
      if (figures === undefined || figures.frames === 0) {
        this.figures.value = undefined;
        return;
      }
      this.frames.value = figures.frames;
      this.figures.value = figures;
      this.hud.update(figures);
    });
  }

  setMuted(muted: boolean): void {
    this.muted.value = muted;
    remembered.set('muted', muted ? '1' : '0');
  }

  private begin(state: 'idle' | 'starting'): void {
    this.state.value = state;
    this.end.value = undefined;
    this.hasPicture.value = false;
    this.frames.value = 0;
    this.banner.value = undefined;
    this.caption.value = undefined;
    this.seats.value = undefined;
    this.figures.value = undefined;
    this.cursorVisible.value = true;
    this.cursor.value = 'default';
    this.keyboard.value = { focused: false, playing: false };
  }
}
