import { fitCanvas, type Size } from '../../../play/layout';

/**
 * Lays out a canvas in the room around it, now and at each change of the room. Not a component, because the position is counted in the
 * screen's own pixels, and the canvas belongs to the stream's worker. Returns a function that ends the layout.
 */
export function keepLaidOut(canvas: HTMLCanvasElement, room: HTMLElement, game: () => Size): () => void {
  const layOut = (): void => {
    const size = { width: room.clientWidth, height: room.clientHeight };
    const shown = fitCanvas(game(), size, devicePixelRatio);
    canvas.style.width = `${shown.width}px`;
    canvas.style.height = `${shown.height}px`;
    // Whole screen pixels, so that no square of the game is blurred over two of them.
    const snap = (value: number): number => Math.round(value * devicePixelRatio) / devicePixelRatio;
    canvas.style.left = `${snap((size.width - shown.width) / 2)}px`;
    canvas.style.top = `${snap((size.height - shown.height) / 2)}px`;
  };
  layOut();
  const observer = new ResizeObserver(layOut);
  observer.observe(room);
  // For a window that is dragged to a screen with other pixels.
  addEventListener('resize', layOut);
  document.addEventListener('fullscreenchange', layOut);
  return () => {
    observer.disconnect();
    removeEventListener('resize', layOut);
    document.removeEventListener('fullscreenchange', layOut);
  };
}
