import { signal } from '@preact/signals';
import { ApiError } from '../../api/apiError';
import { decodeJson, decodeText, MessageType, type SessionEnded, type SessionStateMessage } from '../../stream/protocol';
import type { RunEvent } from '../../stream/runTag';
import { GamePicture } from '../studio/stage/gamePicture';
import { StageModel } from '../studio/stage/stageModel';
import { TabGuest } from './tabGuest';
import type { WatchLink } from './watchLink';
import { WatchSeat } from './watchSeat';

/** Watches the game of an invitation: its picture and its sound. The server takes only the controls of a person who has a seat. */
export class WatchRun {
  readonly stage = new StageModel();
  /** False until the person has touched the page: before that, browsers play no sound. */
  readonly hasSound = signal(false);
  readonly seat: WatchSeat;
  private readonly tab: TabGuest;
  private readonly game = new GamePicture(this.stage);
  private checking = false;

  /** `onGone`: the invitation does not work any more. */
  constructor(
    private readonly link: WatchLink,
    private readonly onGone: (error: ApiError) => void,
  ) {
    this.tab = new TabGuest(link.code);
    this.seat = new WatchSeat({ input: (encode, at) => this.game.player.input(encode, at) }, this.tab);
  }

  attach(canvas: HTMLCanvasElement): void {
    this.game.attachPlayer(canvas, (event) => this.handle(event));
  }

  /** Begins to watch on the attached canvas. Returns a function that ends everything. */
  start(): () => void {
    const listening = new AbortController();
    const { signal: until } = listening;
    const { player } = this.game;
    const setView = (): void => player.setView(!document.hidden);
    addEventListener('online', () => player.reconnect(), { signal: until });
    addEventListener('pagehide', () => this.tab.leavePage(), { signal: until });
    addEventListener('pageshow', (event) => event.persisted && this.returned(), { signal: until });
    document.addEventListener('visibilitychange', setView, { signal: until });
    for (const press of ['pointerdown', 'keydown']) addEventListener(press, () => this.startSound(), { signal: until });
    this.stage.starting();
    player.open(1, this.link.streamUrl);
    setView();
    return () => {
      listening.abort();
      this.seat.end();
      this.game.dispose();
    };
  }

  setMuted(muted: boolean): void {
    this.game.setMuted(muted);
  }

  private returned(): void {
    this.tab.returned();
    this.game.player.reconnect();
  }

  private startSound(): void {
    if (this.hasSound.value) return;
    this.hasSound.value = true;
    this.game.sound.start();
  }

  private handle(event: RunEvent): void {
    const { stage } = this;
    if (stage.end.value !== undefined) return;
    switch (event.type) {
      case 'status':
        stage.banner.value =
          event.status === 'open'
            ? undefined
            : event.refusal === undefined
              ? { kind: 'lost' }
              : { kind: 'refused', refusal: event.refusal };
        if (event.status === 'open') this.seat.connected();
        else void this.check();
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
        this.end(reason, message);
        break;
      }
    }
  }

  /** Finds out why the connection is lost. The stream itself tries again as long as nothing else is known. */
  private async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      await this.link.show();
    } catch (error) {
      if (!(error instanceof ApiError)) return;
      // The last picture stays.
      if (error.status === 410 && this.stage.hasPicture.value) this.end('finished', '');
      else if (error.status === 404 || error.status === 410) this.onGone(error);
    } finally {
      this.checking = false;
    }
  }

  private end(reason: string, message: string): void {
    this.seat.end();
    this.game.player.close();
    this.game.sound.stop();
    this.stage.ended({ reason, message });
  }
}
