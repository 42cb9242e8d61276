import { tellOtherWindows } from '../../frame/otherWindows';
import { remembered } from '../../frame/remembered';
import { language } from '../../language';

/** Removes everything that this site keeps in the browser: drafts, and what it remembers. Only the language stays. */
export async function forgetEverything(): Promise<void> {
  // Other windows close the database when they hear of this.
  await new Promise<void>((resolve) => {
    try {
      const request = indexedDB.deleteDatabase('pixelgamedev');
      request.onsuccess = request.onerror = () => resolve();
      // A window that does not close it; the browser deletes it as soon as that window is gone.
      request.onblocked = () => resolve();
    } catch {
      resolve();
    }
  });
  for (const storage of ['localStorage', 'sessionStorage'] as const) {
    try {
      window[storage].clear();
    } catch {
      // A browser that keeps nothing has nothing to remove.
    }
  }
  remembered.set('language', language());
}

/** Leaves for the first page as somebody else, or as nobody. */
export function leaveAsSomebodyElse(): void {
  tellOtherWindows();
  location.assign('/');
}
