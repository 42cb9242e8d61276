import { signal } from '@preact/signals';
import { newId } from '../../api/ids';
import type { SharedGame, TouchControls } from '../../api/types';
import { messageOf } from '../../frame/attempt';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import type { PlayInput } from '../../play/playInput';
import type { RunEnd, RunView, Wait } from '../../play/run';
import { RunController } from '../../play/runController';
import { guessControls } from '../../play/touchControls';
import type { HudFigures } from '../../stream/events';
import { decodeText, MessageType } from '../../stream/protocol';
import type { Refusal } from '../../stream/refusal';
import { StageGame } from '../studio/stage/stageGame';
import { StageModel } from '../studio/stage/stageModel';
import type { SharedLink } from './sharedLink';

/** Plays the game of a link: the parts of the studio's stage without the studio. */
export class SharedRun implements RunView {
  readonly stage = new StageModel();
  /** What the game asks with `input()`. */
  readonly question = signal<string | undefined>(undefined);
  readonly controls: TouchControls;
  private field!: HTMLTextAreaElement;
  private readonly game: StageGame;
  private readonly runs: RunController;

  constructor(
    private readonly link: SharedLink,
    shared: SharedGame,
  ) {
    this.controls = shared.controls ?? guessControls(shared.keys.map((key) => `K_${key}`).join(' '));
    this.game = new StageGame({
      stage: this.stage,
      runs: () => this.runs,
      streamUrl: (session) => link.streamUrl(session),
      onLeave: () => this.leave(),
    });
    this.runs = new RunController({
      server: link,
      stream: this.game.stream,
      view: this,
      unsaved: () => false,
      save: () => Promise.resolve(),
      newId,
      // The page has no account of its own to lose: the next press of Play finds out.
      isSamePerson: () => Promise.resolve(true),
      beacon: (session) => link.beacon(session),
      messageOf,
    });
  }

  get input(): PlayInput {
    return this.game.input;
  }

  /** `field`: the element that has the keyboard while the game plays. */
  attach(canvas: HTMLCanvasElement, field: HTMLTextAreaElement): void {
    this.field = field;
    this.game.attach(canvas, field);
  }

  /** Begins to play on the attached canvas. Returns a function that ends everything. */
  start(): () => void {
    const listening = new AbortController();
    const { signal: until } = listening;
    addEventListener('online', () => this.game.player.reconnect(), { signal: until });
    addEventListener('pagehide', (event) => this.leavePage(event.persisted), { signal: until });
    addEventListener('pageshow', (event) => event.persisted && this.game.returned(), { signal: until });
    document.addEventListener('visibilitychange', () => this.game.setRate(), { signal: until });
    document.addEventListener('fullscreenchange', () => this.runs.state === 'playing' && this.input.focus(), { signal: until });
    void this.play();
    return () => {
      listening.abort();
      this.game.dispose();
    };
  }

  /** Handles a press of Play. */
  async play(): Promise<void> {
    this.stage.starting();
    // While the press still counts for the browser.
    this.game.sound.start();
    this.input.focus();
    try {
      await this.link.arrive();
    } catch (error) {
      this.ended({ reason: 'not_started', message: messageOf(error), translated: true });
      return;
    }
    this.runs.run(this.link.code);
  }

  stop(): void {
    void this.runs.stop();
  }

  /** Stops the games that run elsewhere, and then runs this one. */
  stopOthers(): void {
    this.stage.starting();
    this.runs.stopOthers(this.link.code).catch((error: unknown) => {
      this.ended({ reason: 'not_started', message: messageOf(error), translated: true });
    });
  }

  answer(line: string): void {
    this.question.value = undefined;
    this.game.player.answer(line);
    this.input.focus();
  }

  setMuted(muted: boolean): void {
    this.game.setMuted(muted);
  }

  begin(): void {
    this.stage.starting();
    this.question.value = undefined;
    this.input.focus();
    this.input.with((input) => input.reset());
    this.game.sound.start();
  }

  waitingFor(what: Wait, hint: boolean): void {
    this.stage.waitingFor(what, hint);
  }

  started(): void {
    // The stage shows what it waits for.
  }

  connected(open: boolean, refusal?: Refusal): void {
    this.stage.banner.value = open ? undefined : refusal === undefined ? { kind: 'lost' } : { kind: 'refused', refusal };
  }

  playing(): void {
    this.game.playing();
  }

  firstPicture(): void {
    this.stage.setPicture();
  }

  size(width: number, height: number): void {
    this.stage.gameSize.value = { width, height };
  }

  figures(figures: HudFigures): void {
    this.stage.setFigures(figures);
  }

  error(): void {
    // The end says it; who plays cannot mend it.
  }

  message(type: number, payload: Uint8Array): void {
    switch (type) {
      case MessageType.InputRequest:
        this.question.value = decodeText(payload);
        break;
      case MessageType.Console:
      case MessageType.NotSaved:
        // What the game prints is for the person who makes it.
        break;
      default:
        this.game.message(type, payload);
    }
  }

  ended(end: RunEnd): void {
    this.question.value = undefined;
    this.stage.ended(end);
    this.game.ended();
    this.leave();
  }

  stopFailed(): void {
    toast(strings.stage.stopFailed, { kind: 'bad' });
  }

  signedOut(): void {
    // The end says it.
  }

  private leave(): void {
    this.field.blur();
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    if (document.pointerLockElement !== null) document.exitPointerLock();
  }

  private leavePage(kept: boolean): void {
    this.input.letGo();
    this.runs.leavePage(kept);
  }
}
