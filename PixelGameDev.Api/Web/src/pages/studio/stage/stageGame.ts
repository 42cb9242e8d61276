import type { SeatControls } from '../../../api/types';
import { toast } from '../../../frame/toasts';
import { strings } from '../../../language';
import { cssCursor, cssPicture, pictureShape } from '../../../play/cursorShapes';
import { PlayInput } from '../../../play/playInput';
import type { RunStream } from '../../../play/run';
import type { RunController } from '../../../play/runController';
import { type CursorState, decodeCursor, decodeJson, decodeText, MessageType, type SessionStateMessage } from '../../../stream/protocol';
import type { SeatsMessage } from '../../../stream/seatProtocol';
import { GamePicture } from './gamePicture';
import type { StageModel } from './stageModel';

interface GameParts {
  stage: StageModel;
  runs(): RunController;
  /** Returns the address of a session's stream. */
  streamUrl(session: string): string;
  /** Returns what the players 2 to 4 press; missing: nobody can invite them. */
  seats?(): readonly SeatControls[] | null | undefined;
  /** Called when the person leaves the game with its key. */
  onLeave(): void;
}

/** Connects a stage with its game: picture, sound, input, and the messages that mean the same on each page that plays. */
export class StageGame extends GamePicture {
  /** Undefined until the canvas exists. */
  input!: PlayInput;
  readonly stream: RunStream = {
    open: (run, session) => {
      this.player.open(run, this.parts.streamUrl(session));
      this.setRate();
      this.input.begin();
    },
    close: () => this.player.close(),
    reconnect: () => this.player.reconnect(),
  };
  private cursorPicture = cssCursor(0);
  private cursorShape = 0;

  constructor(private readonly parts: GameParts) {
    super(parts.stage);
  }

  /** `field`: the element that has the keyboard while a game plays. */
  attach(canvas: HTMLCanvasElement, field: HTMLTextAreaElement): void {
    const { stage } = this;
    const isPlaying = (): boolean => this.parts.runs().state === 'playing';
    this.attachPlayer(canvas, (event) => this.parts.runs().handle(event));
    this.input = new PlayInput({
      canvas,
      field,
      target: this.player,
      game: () => (isPlaying() ? stage.gameSize.value : null),
      onLeave: () => this.parts.onLeave(),
      onFocus: (focused) => stage.setKeyboard(focused, isPlaying()),
      onMouseLock: (state) => {
        stage.mouseLock.value = state;
      },
      onClipboard: (news) => toast(strings.stage.clipboard[news], { key: 'clipboard' }),
    });
  }

  /**
   * Asks for as many pictures as the page can show. A hidden page gets few, enough to have one as soon as it is shown, unless others watch:
   * they see what this page asks for.
   */
  setRate(): void {
    this.player.setView(true, document.hidden && this.stage.watchers.value === 0 ? 2 : 60);
  }

  /** Takes the number of people who watch this game by an invitation. */
  setWatchers(count: number): void {
    const { watchers } = this.stage;
    const changed = count > 0 !== watchers.value > 0;
    watchers.value = count;
    if (changed) this.setRate();
  }

  /** Tells the server what the players 2 to 4 press. */
  tellSeats(seats: readonly SeatControls[] | null | undefined): void {
    this.input.with((input) => input.tellSeats(seats));
  }

  /** Handles a page that the browser has kept and shows again. */
  returned(): void {
    const runs = this.parts.runs();
    runs.returned();
    if (runs.active) this.input.with((input) => input.reconcile());
  }

  /** The game has shown its first picture, or asks its first question. */
  playing(): void {
    const { stage } = this;
    stage.playing();
    this.input.with((input) => input.reconcile());
    stage.setKeyboard(this.input.hasFocus, true);
  }

  message(type: number, payload: Uint8Array): void {
    const { stage } = this;
    switch (type) {
      case MessageType.Caption:
        stage.caption.value = decodeText(payload);
        break;
      case MessageType.State: {
        const { waiting, pointers } = decodeJson<SessionStateMessage>(payload);
        stage.setTurn(waiting);
        if (pointers === true) {
          // First the gamepads of other players, because a game waits until the pointers have begun.
          if (this.parts.seats) this.tellSeats(this.parts.seats());
          this.input.with((input) => input.pointers.begin());
        }
        break;
      }
      case MessageType.Seats:
        stage.seats.value = decodeJson<SeatsMessage>(payload);
        break;
      case MessageType.Cursor:
        this.showCursor(decodeCursor(payload));
        break;
      case MessageType.CursorPicture:
        this.cursorPicture = cssPicture(payload);
        if (this.cursorShape === pictureShape) stage.cursor.value = this.cursorPicture;
        break;
      default:
        this.input.with((input) => input.handle(type, payload));
    }
  }

  /** Handles the end of a run. */
  ended(): void {
    this.sound.stop();
    this.input.with(({ pointers }) => pointers.reset());
    this.stage.setKeyboard(false, false);
  }

  override dispose(): void {
    this.parts.runs().forget();
    super.dispose();
  }

  private showCursor(cursor: CursorState): void {
    const { stage } = this;
    stage.cursorVisible.value = cursor.visible;
    this.cursorShape = cursor.shape;
    stage.cursor.value = cursor.shape === pictureShape ? this.cursorPicture : cssCursor(cursor.shape);
    this.input.with(({ pointers }) => pointers.setCursor(cursor));
  }
}
