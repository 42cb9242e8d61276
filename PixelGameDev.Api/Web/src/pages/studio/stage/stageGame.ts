import { SoundOutput } from '../../../audio/output';
import { toast } from '../../../frame/toasts';
import { strings } from '../../../language';
import { cssCursor, cssPicture, pictureShape } from '../../../play/cursorShapes';
import { PlayInput } from '../../../play/playInput';
import type { RunStream } from '../../../play/run';
import type { RunController } from '../../../play/runController';
import { Player } from '../../../stream/player';
import { type CursorState, decodeCursor, decodeJson, decodeText, MessageType, type SessionStateMessage } from '../../../stream/protocol';
import type { StageModel } from './stageModel';

interface GameParts {
  stage: StageModel;
  runs(): RunController;
  /** Returns the address of a session's stream. */
  streamUrl(session: string): string;
  /** Called when the person leaves the game with its key. */
  onLeave(): void;
}

/** Connects a stage with its game: picture, sound, input, and the messages that mean the same on each page that plays. */
export class StageGame {
  /** Undefined until the canvas exists. */
  input!: PlayInput;
  player!: Player;
  readonly sound = new SoundOutput((port) => this.player.setAudio(port));
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

  constructor(private readonly parts: GameParts) {}

  /** `field`: the element that has the keyboard while a game plays. */
  attach(canvas: HTMLCanvasElement, field: HTMLTextAreaElement): void {
    const { stage } = this.parts;
    const isPlaying = (): boolean => this.parts.runs().state === 'playing';
    this.player = new Player(canvas, (event) => this.parts.runs().handle(event));
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
    this.sound.setMuted(stage.muted.value);
    // For tests and benchmarks: what a person sees. The canvas is drawn in a worker, so nothing else can read it.
    const probe = {
      readPixels: (x: number, y: number, width: number, height: number) => this.player.readPixels(x, y, width, height),
      takeSamples: () => this.player.takeSamples(),
    };
    Object.defineProperty(window, 'pixelgamedev', { value: Object.freeze(probe), configurable: true });
  }

  /** Asks for as many pictures as the page can show. A hidden page gets few, enough to have one as soon as it is shown. */
  setRate(): void {
    this.player.setView(true, document.hidden ? 2 : 60);
  }

  setMuted(muted: boolean): void {
    this.parts.stage.setMuted(muted);
    this.sound.setMuted(muted);
  }

  /** Handles a page that the browser has kept and shows again. */
  returned(): void {
    const runs = this.parts.runs();
    runs.returned();
    if (runs.active) this.input.with((input) => input.reconcile());
  }

  /** The game has shown its first picture, or asks its first question. */
  playing(): void {
    const { stage } = this.parts;
    stage.playing();
    this.input.with((input) => input.reconcile());
    stage.setKeyboard(this.input.hasFocus, true);
  }

  message(type: number, payload: Uint8Array): void {
    const { stage } = this.parts;
    switch (type) {
      case MessageType.Caption:
        stage.caption.value = decodeText(payload);
        break;
      case MessageType.State: {
        const { waiting, pointers } = decodeJson<SessionStateMessage>(payload);
        stage.setTurn(waiting);
        if (pointers === true) this.input.with((input) => input.pointers.begin());
        break;
      }
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
    this.parts.stage.setKeyboard(false, false);
  }

  dispose(): void {
    this.parts.runs().forget();
    this.sound.stop();
    this.player.dispose();
  }

  private showCursor(cursor: CursorState): void {
    const { stage } = this.parts;
    stage.cursorVisible.value = cursor.visible;
    this.cursorShape = cursor.shape;
    stage.cursor.value = cursor.shape === pictureShape ? this.cursorPicture : cssCursor(cursor.shape);
    this.input.with(({ pointers }) => pointers.setCursor(cursor));
  }
}
