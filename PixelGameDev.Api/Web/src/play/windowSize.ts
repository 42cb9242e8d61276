import { encodeRoom, type WindowState } from '../stream/windowProtocol';
import { fitCanvas, type Size } from './layout';
import type { PointerOptions } from './pointerOptions';

/** Time after which a room that changes counts as settled, milliseconds: a person drags a corner for a while. */
const settledAfter = 250;
/** Time until a size is sent again that the game has not answered, milliseconds. */
const again = 1000;
const maxSide = 1920;
const maxPixels = 1920 * 1080;

/**
 * Gives a game's window the size of its room on this page, if the game has asked for RESIZABLE. As on a desktop, the window opens with the
 * size that the game wants, and a person changes it afterwards: with the splitter, the browser's window, full screen. The picture's
 * scale stays the same meanwhile. A page whose room nobody changes sends nothing, so the page on which a person acts decides.
 */
export class WindowSize {
  private told: Size | undefined;
  /** Pixels of the screen for one pixel of the game, and the room in pixels of the screen; undefined until the page has settled. */
  private base: { scale: number; room: Size } | undefined;
  /** What this page has asked for and the game has not answered. */
  private asked: Size | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private repeating: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly options: Pick<PointerOptions, 'target' | 'game'>,
    private readonly readRoom: () => Size,
  ) {}

  /** Forgets the game before, for a new game. */
  reset(): void {
    this.take({ resizable: false, width: 0, height: 0 });
  }

  /** Takes what the sandbox tells about the window. */
  take({ resizable, width, height }: WindowState): void {
    const { told, asked } = this;
    const changed = told?.width !== width || told.height !== height;
    const answered = asked !== undefined && asked.width === width && asked.height === height;
    this.told = resizable ? { width, height } : undefined;
    if (!resizable || answered || changed) this.forgetAsked();
    // A size that the game itself has chosen is shown as any window.
    if (!resizable || (changed && !answered)) this.base = undefined;
    if (!resizable) clearTimeout(this.settling);
    else if (this.base === undefined && this.options.game() === null) this.changed();
    else if (this.base === undefined) this.begin(this.readRoom());
  }

  /** Handles a room that is changing. */
  changed(): void {
    if (this.told === undefined) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), settledAfter);
  }

  private settle(): void {
    const { told, base } = this;
    const room = this.readRoom();
    if (told === undefined || room.width <= 0 || room.height <= 0) return;
    if (this.options.game() === null) {
      // The page still changes until the first picture is there.
      this.changed();
      return;
    }
    const pixels = inPixels(room);
    if (base === undefined) this.begin(room);
    else if (pixels.width !== base.room.width || pixels.height !== base.room.height) {
      this.base = { scale: base.scale, room: pixels };
      this.ask(sizeOf(pixels, base.scale));
    }
  }

  private begin(room: Size): void {
    const { told } = this;
    if (told === undefined || room.width <= 0 || room.height <= 0) return;
    const shown = fitCanvas(told, room, devicePixelRatio);
    this.base = { scale: (shown.width * devicePixelRatio) / told.width, room: inPixels(room) };
  }

  private ask(size: Size): void {
    this.forgetAsked();
    if (size.width === this.told?.width && size.height === this.told.height) return;
    this.asked = size;
    // The same bytes each time: the game does the same one only once.
    let bytes: ReturnType<typeof encodeRoom> | undefined;
    const send = (): void =>
      this.options.target.input((seq) => {
        bytes ??= encodeRoom(seq, size.width, size.height);
        return bytes.slice();
      }, 0);
    send();
    this.repeating = setInterval(send, again);
  }

  private forgetAsked(): void {
    this.asked = undefined;
    clearInterval(this.repeating);
  }
}

const inPixels = ({ width, height }: Size): Size => ({
  width: Math.round(width * devicePixelRatio),
  height: Math.round(height * devicePixelRatio),
});

/** Returns the size that fills the room, in pixels of the game, within what a window may have. */
function sizeOf(room: Size, scale: number): Size {
  const side = (pixels: number): number => Math.max(1, Math.min(maxSide, Math.floor(pixels / scale + 1e-6)));
  const width = side(room.width);
  return { width, height: Math.min(side(room.height), Math.floor(maxPixels / width)) };
}
