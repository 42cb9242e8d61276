/** The part of gifenc that is used; it comes without types. */
declare module 'gifenc' {
  export type Palette = number[][];

  export interface GifFrame {
    palette?: Palette;
    /** Milliseconds. */
    delay?: number;
    transparent?: boolean;
    transparentIndex?: number;
    /** How often it plays; 0: again and again. */
    repeat?: number;
    /** What is done with the picture before the next one; 1: it stays. */
    dispose?: number;
  }

  export function GIFEncoder(): {
    writeFrame(pixels: Uint8Array, width: number, height: number, frame?: GifFrame): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  };

  export function quantize(rgba: Uint8Array | Uint8ClampedArray, colours: number): Palette;
  export function applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: Palette): Uint8Array;
}
