/** Wraps localStorage and never throws (private windows, full storage). */
export const remembered = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(`pixel.${key}`);
    } catch {
      return null;
    }
  },
  remove(key: string): void {
    try {
      localStorage.removeItem(`pixel.${key}`);
    } catch {
      // Nothing was stored either.
    }
  },
  set(key: string, value: string): void {
    try {
      localStorage.setItem(`pixel.${key}`, value);
    } catch {
      // Only a convenience is lost.
    }
  },
};
