import { capturePointer } from '../frame/capture';
import { encodeFingers, type FingerPlace, maxFingers } from '../stream/pointerProtocol';
import type { PointerOptions } from './pointerOptions';

/** Sends the fingers on the canvas to the game, all of them each time. The game makes a mouse of the first one, as SDL does. */
export class FingerInput {
  /** The browser's number of a pointer → its finger. */
  private readonly down = new Map<number, FingerPlace>();

  constructor(private readonly options: PointerOptions) {}

  reset(): void {
    this.down.clear();
  }

  /** Lifts all fingers, because the page gets no more events. */
  letGo(): void {
    if (this.down.size === 0) return;
    this.down.clear();
    this.options.target.input((seq) => encodeFingers(seq, []), 0);
  }

  pointer(event: PointerEvent): void {
    const { canvas, target } = this.options;
    if (this.options.game() === null) {
      this.down.delete(event.pointerId);
      return;
    }
    const known = this.down.get(event.pointerId);
    switch (event.type) {
      case 'pointerdown':
        if (known !== undefined || this.down.size >= maxFingers) return;
        this.options.takeKeyboard();
        capturePointer(canvas, event.pointerId);
        this.down.set(event.pointerId, { id: this.freeId(), ...placeOf(event, canvas) });
        break;
      case 'pointermove': {
        if (known === undefined) return;
        const place = placeOf(event, canvas);
        if (place.x === known.x && place.y === known.y) return;
        Object.assign(known, place);
        break;
      }
      default:
        if (!this.down.delete(event.pointerId)) return;
    }
    const fingers = [...this.down.values()];
    target.input((seq) => encodeFingers(seq, fingers), event.timeStamp);
  }

  private freeId(): number {
    const used = new Set([...this.down.values()].map(({ id }) => id));
    let id = 0;
    while (used.has(id)) id++;
    return id;
  }
}

function placeOf(event: PointerEvent, canvas: HTMLCanvasElement): { x: number; y: number } {
  const box = canvas.getBoundingClientRect();
  const share = (value: number, length: number): number => (length > 0 ? Math.min(1, Math.max(0, value / length)) : 0);
  return { x: share(event.clientX - box.left, box.width), y: share(event.clientY - box.top, box.height) };
}
