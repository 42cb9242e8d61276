import type { DecodedFrame } from './codec';

export type Canvas = OffscreenCanvas | HTMLCanvasElement;
type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** Draws into the canvas of a stream, on any thread. */
export class Picture {
  private canvas: Canvas | undefined;
  private context: Context | undefined;
  private image: ImageData | undefined;

  setCanvas(canvas: Canvas): void {
    this.canvas = canvas;
    this.context = (canvas.getContext('2d', { alpha: false, desynchronized: true }) as Context | null) ?? undefined;
  }

  /** Removes everything of an earlier game. The next picture counts as a new size, which the page is told. */
  clear(): void {
    if (this.canvas !== undefined) this.canvas.width = this.canvas.height = 1;
  }

  /** Draws what a frame has changed. Returns true if the size of the canvas has changed. */
  show({ width, height, rgba, dirtyX, dirtyY, dirtyWidth, dirtyHeight }: DecodedFrame): boolean {
    const { canvas, context } = this;
    if (canvas === undefined || context === undefined) return false;
    if (this.image?.data !== rgba) this.image = new ImageData(rgba, width, height);
    const resized = canvas.width !== width || canvas.height !== height;
    if (resized) {
      canvas.width = width;
      canvas.height = height;
      context.putImageData(this.image, 0, 0);
    } else if (dirtyWidth > 0 && dirtyHeight > 0) {
      context.putImageData(this.image, 0, 0, dirtyX, dirtyY, dirtyWidth, dirtyHeight);
    }
    return resized;
  }

  /** Returns pixels of the canvas itself, so that a test sees what a person sees. RGBA, row by row. */
  read(x: number, y: number, width: number, height: number): Uint8ClampedArray {
    return this.context?.getImageData(x, y, Math.max(1, width), Math.max(1, height)).data ?? new Uint8ClampedArray();
  }
}
