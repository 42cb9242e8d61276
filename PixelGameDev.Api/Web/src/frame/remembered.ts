interface Remembered {
  get(key: string): string | null;
  remove(key: string): void;
  set(key: string, value: string): void;
}

/** Wraps a storage of the browser and never throws (private windows, full storage). */
function rememberIn(storage: () => Storage): Remembered {
  return {
    get(key) {
      try {
        return storage().getItem(`pixel.${key}`);
      } catch {
        return null;
      }
    },
    remove(key) {
      try {
        storage().removeItem(`pixel.${key}`);
      } catch {
        // Nothing was stored either.
      }
    },
    set(key, value) {
      try {
        storage().setItem(`pixel.${key}`, value);
      } catch {
        // Only a convenience is lost.
      }
    },
  };
}

/** What this browser remembers. */
export const remembered = rememberIn(() => localStorage);

/** What this tab remembers while it exists. */
export const rememberedInTab = rememberIn(() => sessionStorage);
