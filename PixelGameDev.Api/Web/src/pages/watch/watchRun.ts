import { type Signal, signal } from '@preact/signals';
import { ApiError } from '../../api/apiError';
import type { WatchedGame } from '../../api/types';
import type { RunEnd } from '../../play/run';
import { decodeJson, decodeText, MessageType, type SessionEnded, type SessionStateMessage } from '../../stream/protocol';
import type { Refusal } from '../../stream/refusal';
import type { RunEvent } from '../../stream/runTag';
import { GamePicture } from '../studio/stage/gamePicture';
import { StageModel } from '../studio/stage/stageModel';
import { NextRun } from './nextRun';
import { TabGuest } from './tabGuest';
import type { WatchLink } from './watchLink';
import { WatchSeat } from './watchSeat';

/** How many connections may fail while a Run begins, before the page says so. */
const startAttempts = 3;

/** Watches the game of an invitation: its picture and its sound. The server takes only the controls of a person who has a seat. */
export class WatchRun {
  readonly stage = new StageModel();
  /** False until the person has touched the page: before that, browsers play no sound. */
  readonly hasSound = signal(false);
  /** What the invitation shows: the Run on the stage, or the last one. */
  readonly game: Signal<WatchedGame>;
  /** True if the game has ended, and this page shows its next Run. */
  readonly waits = signal(false);
  readonly seat: WatchSeat;
  private readonly tab: TabGuest;
  private readonly picture = new GamePicture(this.stage);
  private readonly listening = new AbortController();
  private readonly next: NextRun;
  private run = 0;
  private checking = false;

  /** `onGone`: the invitation does not work any more. */
  constructor(
    private readonly link: WatchLink,
    game: WatchedGame,
    private readonly onGone: (error: ApiError) => void,
  ) {
    this.game = signal(game);
    this.tab = new TabGuest(link.code);
    this.seat = new WatchSeat({ input: (encode, at) => this.picture.player.input(encode, at) }, this.tab);
    this.next = new NextRun({
      show: () => link.show(),
      onNext: (next) => this.watch(next),
      onOver: (error) => {
        this.waits.value = false;
        if (error !== undefined) onGone(error);
      },
    });
  }

  attach(canvas: HTMLCanvasElement): void {
    this.picture.attachPlayer(canvas, (event) => this.handle(event));
  }

  /** Begins to watch on the attached canvas. Returns a function that ends everything. */
  start(): () => void {
    const { signal: until } = this.listening;
    const { player } = this.picture;
    const setView = (): void => player.setView(!document.hidden);
    const reconnect = (): void => {
      player.reconnect();
      this.next.askNow();
    };
    addEventListener('online', reconnect, { signal: until });
    addEventListener('pagehide', () => this.tab.leavePage(), { signal: until });
    addEventListener('pageshow', (event) => event.persisted && this.returned(reconnect), { signal: until });
    document.addEventListener('visibilitychange', setView, { signal: until });
    document.addEventListener('visibilitychange', () => document.hidden || this.next.askNow(), { signal: until });
    for (const press of ['pointerdown', 'keydown']) addEventListener(press, () => this.startSound(), { signal: until });
    if (this.game.value.hasEnded === true) this.endAndWait({ reason: 'finished', message: '' });
    else this.watch(this.game.value);
    setView();
    return () => {
      this.listening.abort();
      this.next.stop();
      this.seat.end();
      this.picture.dispose();
    };
  }

  setMuted(muted: boolean): void {
    this.picture.setMuted(muted);
  }

  private returned(reconnect: () => void): void {
    this.tab.returned();
    reconnect();
  }

  private startSound(): void {
    if (this.hasSound.value) return;
    this.hasSound.value = true;
    this.picture.sound.start();
    // Browsers allow the sound of later Runs now.
    if (this.stage.end.value !== undefined) this.picture.sound.stop();
  }

  /** Shows the Run that the invitation leads to now. */
  private watch(game: WatchedGame): void {
    this.next.stop();
    this.waits.value = false;
    this.game.value = game;
    this.seat.reset();
    this.stage.starting();
    this.picture.player.open(++this.run, this.link.streamUrl);
    if (this.hasSound.value) this.picture.sound.start();
  }

  private handle(event: RunEvent): void {
    const { stage } = this;
    if (event.run !== this.run || stage.end.value !== undefined) return;
    switch (event.type) {
      case 'status':
        this.onStatus(event.status === 'open', event.attempt, event.refusal);
        break;
      case 'size':
        stage.gameSize.value = { width: event.width, height: event.height };
        break;
      case 'first':
        stage.setPicture();
        stage.playing();
        break;
      case 'hud':
        stage.setFigures(event);
        break;
      case 'message':
        this.onMessage(event.message, event.payload);
        break;
    }
  }

  private onStatus(open: boolean, attempt: number, refusal?: Refusal): void {
    const { stage } = this;
    if (open) {
      stage.banner.value = undefined;
      this.seat.connected();
      return;
    }
    if (refusal !== undefined) stage.banner.value = { kind: 'refused', refusal };
    // A Run that has just begun has no stream for a moment.
    else if (stage.hasPicture.value || attempt > startAttempts) stage.banner.value = { kind: 'lost' };
    void this.check();
  }

  private onMessage(type: number, payload: Uint8Array): void {
    const { stage } = this;
    switch (type) {
      case MessageType.Caption:
        stage.caption.value = decodeText(payload);
        break;
      case MessageType.State:
        stage.setTurn(decodeJson<SessionStateMessage>(payload).waiting);
        break;
      case MessageType.Seats:
        this.seat.take(payload);
        break;
      case MessageType.Ended: {
        const { reason, message } = decodeJson<SessionEnded>(payload);
        this.endAndWait({ reason, message });
        break;
      }
    }
  }

  /** Finds out why the connection is lost. The stream itself tries again as long as nothing else is known. */
  private async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    const answer = await this.link.show().catch((error: unknown) => error);
    this.checking = false;
    if (this.listening.signal.aborted || this.stage.end.value !== undefined) return;
    if (answer instanceof ApiError) {
      // The last picture stays.
      if (answer.status === 410 && this.stage.hasPicture.value) this.end({ reason: 'finished', message: '' });
      else if (answer.status === 404 || answer.status === 410) this.onGone(answer);
    } else if (!(answer instanceof Error)) {
      const game = answer as WatchedGame;
      if (game.hasEnded === true) this.endAndWait({ reason: 'finished', message: '' });
      // The owner has pressed Run again meanwhile.
      else if (game.startedAt !== this.game.value.startedAt) this.watch(game);
    }
  }

  private endAndWait(end: RunEnd): void {
    this.end(end);
    this.waits.value = true;
    this.next.wait(this.game.value.startedAt);
  }

  private end(end: RunEnd): void {
    this.seat.reset();
    this.picture.player.close();
    this.picture.sound.stop();
    this.stage.ended(end);
  }
}
