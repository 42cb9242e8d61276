import { batch, computed, signal } from '@preact/signals';
import { remembered } from '../../../frame/remembered';
import type { Size } from '../../../play/layout';
import type { RunEnd, Wait } from '../../../play/run';
import type { HudFigures } from '../../../stream/events';
import type { Refusal } from '../../../stream/refusal';
import { HudModel } from './hudModel';

export type StageState = 'idle' | 'starting' | 'playing' | 'ended';

/** What stands over the room of the picture while there is no picture. */
export type Cover = { kind: 'idle' } | { kind: 'waiting'; what?: Wait; hint: boolean } | { kind: 'turn'; before: number } | { kind: 'end' };

export type Banner = { kind: 'lost' } | { kind: 'refused'; refusal: Refusal } | { kind: 'stoppingOthers' };

/** Kinds of sandbox that the page has words for. */
export type SandboxKind = 'docker' | 'bubblewrap' | 'subprocess';

/** What the game's half of the page shows. Holds facts only: the words are chosen when they are drawn, in the person's language. */
export class StageModel {
  readonly state = signal<StageState>('idle');
  readonly cover = signal<Cover | undefined>({ kind: 'idle' });
  readonly end = signal<RunEnd | undefined>(undefined);
  readonly reason = computed(() => this.end.value?.reason);
  /** The newest run has shown a picture, and it is still on the canvas. */
  readonly hasPicture = signal(false);
  /** Pictures shown since Run; for tests and benchmarks, too. */
  readonly frames = signal(0);
  readonly banner = signal<Banner | undefined>(undefined);
  /** The window's title as the game has set it. */
  readonly caption = signal<string | undefined>(undefined);
  readonly figures = signal<HudFigures | undefined>(undefined);
  readonly keyboard = signal({ focused: false, playing: false });
  readonly cursorVisible = signal(true);
  readonly sandbox = signal<SandboxKind | undefined>(undefined);
  readonly gameSize = signal<Size>({ width: 640, height: 480 });
  readonly muted = signal(remembered.get('muted') === '1');
  readonly hud = new HudModel();

  idle(): void {
    batch(() => {
      this.begin('idle');
      this.cover.value = { kind: 'idle' };
    });
  }

  /** A run begins: no picture, caption or word of the one before is left. */
  starting(): void {
    batch(() => {
      this.begin('starting');
      this.cover.value = { kind: 'waiting', hint: false };
    });
  }

  waitingFor(what: Wait, hint: boolean): void {
    this.cover.value = { kind: 'waiting', what, hint };
  }

  /** The start waits for its turn; so many starts come before. */
  waitingTurn(before: number): void {
    batch(() => {
      this.state.value = 'starting';
      this.cover.value = { kind: 'turn', before };
    });
  }

  playing(): void {
    batch(() => {
      this.state.value = 'playing';
      this.cover.value = undefined;
    });
  }

  /** The first picture of this run is on the canvas. */
  setPicture(): void {
    batch(() => {
      this.hasPicture.value = true;
      this.frames.value = 1;
    });
  }

  /** Words about the end stand below the picture that the game has left, or over the room where it has left none. */
  ended(end: RunEnd): void {
    batch(() => {
      this.state.value = 'ended';
      this.end.value = end;
      this.banner.value = undefined;
      this.figures.value = undefined;
      this.cursorVisible.value = true;
      this.cover.value = this.hasPicture.value ? undefined : { kind: 'end' };
    });
  }

  setKeyboard(focused: boolean, playing: boolean): void {
    this.keyboard.value = { focused, playing };
  }

  setSandbox(kind: string | null): void {
    this.sandbox.value = kind === 'docker' || kind === 'bubblewrap' || kind === 'subprocess' ? kind : undefined;
  }

  /** The newest figures; a program that has shown no picture has none. */
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
    this.figures.value = undefined;
    this.cursorVisible.value = true;
    this.keyboard.value = { focused: false, playing: false };
  }
}
