import { signal } from '@preact/signals';
import { newId } from '../../api/ids';
import type { SharedGame, TouchControls } from '../../api/types';
import { SoundOutput } from '../../audio/output';
import { messageOf } from '../../frame/attempt';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import { cssCursor, cssPicture, pictureShape } from '../../play/cursorShapes';
import { PlayInput } from '../../play/playInput';
import type { RunEnd, RunView, Wait } from '../../play/run';
import { RunController } from '../../play/runController';
import { guessControls } from '../../play/touchControls';
import type { HudFigures } from '../../stream/events';
import { Player } from '../../stream/player';
import { decodeCursor, decodeJson, decodeText, MessageType, type SessionStateMessage } from '../../stream/protocol';
import type { Refusal } from '../../stream/refusal';
import { StageModel } from '../studio/stage/stageModel';
import type { SharedLink } from './sharedLink';

/** Returns the pictures per second to send; a hidden page gets few. */
const viewRate = (): number => (document.hidden ? 2 : 60);

/** Plays the game of a link: the parts of the studio's stage without the studio. */
export class SharedRun implements RunView {
  readonly stage = new StageModel();
  /** What the game asks with `input()`. */
  readonly question = signal<string | undefined>(undefined);
  readonly controls: TouchControls;
  /** Undefined until the canvas exists. */
  input!: PlayInput;
  private player!: Player;
  private field!: HTMLTextAreaElement;
  private cursorPicture = cssCursor(0);
  private cursorShape = 0;
  private readonly sound = new SoundOutput((port) => this.player.setAudio(port));
  private readonly runs: RunController;

  constructor(
    private readonly link: SharedLink,
    game: SharedGame,
  ) {
    this.controls = game.controls ?? guessControls(game.keys.map((key) => `K_${key}`).join(' '));
    this.runs = new RunController({
      server: link,
      stream: {
        open: (run, session) => {
          this.player.open(run, link.streamUrl(session));
          this.player.setView(true, viewRate());
          this.input.begin();
        },
        close: () => this.player.close(),
        reconnect: () => this.player.reconnect(),
      },
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

  /** `field`: the element that has the keyboard while the game plays. Returns a function that ends everything. */
  attach(canvas: HTMLCanvasElement, field: HTMLTextAreaElement): () => void {
    this.field = field;
    this.player = new Player(canvas, (event) => this.runs.handle(event));
    this.input = new PlayInput({
      canvas,
      field,
      target: this.player,
      game: () => (this.runs.state === 'playing' ? this.stage.gameSize.value : null),
      onLeave: () => this.leave(),
      onFocus: (focused) => this.stage.setKeyboard(focused, this.runs.state === 'playing'),
      onMouseLock: (state) => {
        this.stage.mouseLock.value = state;
      },
      onClipboard: (news) => toast(strings.stage.clipboard[news], { key: 'clipboard' }),
    });
    this.sound.setMuted(this.stage.muted.value);
    // For tests: what a person sees. The canvas is drawn in a worker, so nothing else can read it.
    const probe = { readPixels: (x: number, y: number, width: number, height: number) => this.player.readPixels(x, y, width, height) };
    Object.defineProperty(window, 'pixelgamedev', { value: Object.freeze(probe), configurable: true });
    const listening = new AbortController();
    const { signal: until } = listening;
    addEventListener('online', () => this.player.reconnect(), { signal: until });
    addEventListener('pagehide', (event) => this.leavePage(event.persisted), { signal: until });
    addEventListener('pageshow', (event) => event.persisted && this.runs.returned(), { signal: until });
    document.addEventListener('visibilitychange', () => this.player.setView(true, viewRate()), { signal: until });
    document.addEventListener('fullscreenchange', () => this.runs.state === 'playing' && this.input.focus(), { signal: until });
    return () => {
      listening.abort();
      this.runs.forget();
      this.sound.stop();
      this.player.dispose();
    };
  }

  /** Handles a press of Play. */
  async play(): Promise<void> {
    this.stage.starting();
    // While the press still counts for the browser.
    this.sound.start();
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
    this.player.answer(line);
    this.input.focus();
  }

  setMuted(muted: boolean): void {
    this.stage.setMuted(muted);
    this.sound.setMuted(muted);
  }

  begin(): void {
    this.stage.starting();
    this.question.value = undefined;
    this.input.focus();
    this.input.with((input) => input.reset());
    this.sound.start();
  }

  waitingFor(what: Wait, hint: boolean): void {
    if (this.stage.cover.value?.kind !== 'turn') this.stage.waitingFor(what, hint);
  }

  started(): void {
    // The stage shows what it waits for.
  }

  connected(open: boolean, refusal?: Refusal): void {
    this.stage.banner.value = open ? undefined : refusal === undefined ? { kind: 'lost' } : { kind: 'refused', refusal };
  }

  playing(): void {
    this.stage.playing();
    this.input.with((input) => input.reconcile());
    this.stage.setKeyboard(this.input.hasFocus, true);
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
    const { stage } = this;
    switch (type) {
      case MessageType.InputRequest:
        this.question.value = decodeText(payload);
        break;
      case MessageType.Caption:
        stage.caption.value = decodeText(payload);
        break;
      case MessageType.State: {
        const { waiting, pointers } = decodeJson<SessionStateMessage>(payload);
        if (waiting !== undefined) stage.waitingTurn(waiting);
        else if (stage.cover.value?.kind === 'turn') stage.waitingFor('frame', false);
        if (pointers === true) this.input.with((input) => input.pointers.begin());
        break;
      }
      case MessageType.Cursor: {
        const cursor = decodeCursor(payload);
        stage.cursorVisible.value = cursor.visible;
        this.cursorShape = cursor.shape;
        stage.cursor.value = cursor.shape === pictureShape ? this.cursorPicture : cssCursor(cursor.shape);
        this.input.with(({ pointers }) => pointers.setCursor(cursor));
        break;
      }
      case MessageType.CursorPicture:
        this.cursorPicture = cssPicture(payload);
        if (this.cursorShape === pictureShape) stage.cursor.value = this.cursorPicture;
        break;
      case MessageType.Console:
      case MessageType.NotSaved:
        // What the game prints is for the person who makes it.
        break;
      default:
        this.input.with((input) => input.handle(type, payload));
    }
  }

  ended(end: RunEnd): void {
    this.sound.stop();
    this.input.with(({ pointers }) => pointers.reset());
    this.question.value = undefined;
    this.stage.ended(end);
    this.stage.setKeyboard(false, false);
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
