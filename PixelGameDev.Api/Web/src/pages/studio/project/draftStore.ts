import { newId } from '../../../api/ids';
import { remembered } from '../../../frame/remembered';
import type { Draft, DraftStore } from './drafts';

/** Longest wait for the browser's database, milliseconds; some browsers never answer at all. A database that is late is used from then on. */
const openTimeout = 1500;

/** Days after which a draft is removed. Deleted games can be restored for 30 days. */
const maxDays = 90;

/** The current visit of this page, and the previous one in the same tab. */
export const thisWindow = newId();
const previousWindow = swapSessionWindow();

const lockName = (window: string): string => `pixel.window.${window}`;

/** Holds a lock as long as this page lives, so that other windows know that its drafts have an owner. */
export function claimWindow(): void {
  // Without TLS there are no locks. Then a draft may appear in two windows, and the saves detect that.
  void navigator.locks?.request(lockName(thisWindow), () => new Promise(() => undefined)).catch(() => undefined);
}

/** Returns the drafts whose window is gone or has closed their project. A window calls this before it opens a project. */
export async function withoutOwner(drafts: Draft[]): Promise<Draft[]> {
  const held = new Set(((await navigator.locks?.query().catch(() => undefined))?.held ?? []).map((lock) => lock.name));
  return drafts.filter(({ window }) => window === thisWindow || window === previousWindow || !held.has(lockName(window)));
}

/** Waits until a window is gone; a closed window lives on for a moment. Rejects when `signal` ends the wait. */
export async function windowGone(window: string, signal: AbortSignal): Promise<void> {
  await navigator.locks?.request(lockName(window), { signal }, () => undefined);
}

/** Keeps drafts in IndexedDB; in localStorage if IndexedDB is not available or the page has no time left. */
export class BrowserDrafts implements DraftStore {
  private database = openDatabase((late) => {
    this.database = Promise.resolve(late);
  });

  async put(draft: Draft): Promise<void> {
    const database = await this.database;
    if (database === undefined) {
      putLocally(draft);
      return;
    }
    try {
      await inTransaction(database, 'readwrite', (store) => store.put(draft));
    } catch {
      putLocally(draft);
    }
  }

  putNow(drafts: Draft[]): void {
    for (const draft of drafts) {
      try {
        putLocally(draft);
      } catch {
        // The copy made a moment ago must be enough.
      }
    }
  }

  async remove(draft: Draft, own: boolean): Promise<void> {
    const local = readLocally(localKey(draft));
    if (local !== undefined && (own || isCovered(local, draft))) localStorage.removeItem(localKey(draft));
    if (draft.window === oldPageWindow) remembered.remove(oldPageKey(draft.project));
    const database = await this.database;
    if (database === undefined) return;
    await inTransaction(database, 'readwrite', (store) => {
      const found = store.get([draft.project, draft.window, draft.path]) as IDBRequest<Draft | undefined>;
      found.onsuccess = () => {
        if (found.result !== undefined && (own || isCovered(found.result, draft))) store.delete([draft.project, draft.window, draft.path]);
      };
      return found;
    });
  }

  async of(project: string): Promise<Draft[]> {
    const newest = new Map<string, Draft>();
    const add = (draft: Draft): void => {
      const key = `${draft.window}/${draft.path}`;
      const other = newest.get(key);
      if (other === undefined || other.at < draft.at) newest.set(key, draft);
    };
    const database = await this.database;
    if (database !== undefined) {
      const found = await inTransaction(
        database,
        'readonly',
        (store) => store.getAll(IDBKeyRange.bound([project], [project, []])) as IDBRequest<Draft[]>,
      ).catch(() => []);
      found.forEach(add);
    }
    localDrafts()
      .filter((draft) => draft.project === project)
      .forEach(add);
    oldPageDrafts(project).forEach(add);
    return [...newest.values()].sort((a, b) => b.at - a.at);
  }

  /** Removes drafts that are too old. */
  async purge(now = Date.now()): Promise<void> {
    const before = now - maxDays * 86_400_000;
    for (const draft of localDrafts()) if (draft.at < before) localStorage.removeItem(localKey(draft));
    const database = await this.database;
    if (database === undefined) return;
    await inTransaction(database, 'readwrite', (store) => {
      const cursor = store.openCursor();
      cursor.onsuccess = () => {
        const { result } = cursor;
        if (result === null) return;
        if ((result.value as Draft).at < before) result.delete();
        result.continue();
      };
      return cursor;
    });
  }
}

/** Returns true if removing `kept` loses nothing after `draft` has been handled. */
function isCovered(kept: Draft, draft: Draft): boolean {
  return kept.at <= draft.at || kept.text === draft.text;
}

/**
 * Opens the database; undefined if the browser has none, refuses it (private windows) or does not answer in time. `onLate` gets it if it
 * is open after that.
 */
function openDatabase(onLate: (database: IDBDatabase) => void): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    let isLate = false;
    setTimeout(() => {
      isLate = true;
      resolve(undefined);
    }, openTimeout);
    try {
      const request = indexedDB.open('pixelgamedev', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('drafts', { keyPath: ['project', 'window', 'path'] });
      request.onsuccess = () => {
        // A newer page in another window may need to change the database.
        request.result.onversionchange = () => request.result.close();
        if (isLate) onLate(request.result);
        else resolve(request.result);
      };
      request.onerror = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}

/** Does one action and waits until it is on the disk: "relaxed" durability would not survive an empty battery. */
function inTransaction<T>(database: IDBDatabase, mode: IDBTransactionMode, action: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('drafts', mode, { durability: 'strict' });
    const request = action(transaction.objectStore('drafts'));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? new Error('The browser keeps no drafts.'));
  });
}

const localPrefix = 'pixel.unsaved.';
const localKey = (draft: Draft): string => `${localPrefix}${draft.project}.${draft.window}.${draft.path}`;

function putLocally(draft: Draft): void {
  localStorage.setItem(localKey(draft), JSON.stringify(draft));
}

function readLocally(key: string): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null;
    return typeof draft?.text === 'string' && typeof draft.path === 'string' ? draft : undefined;
  } catch {
    return undefined;
  }
}

function localDrafts(): Draft[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(localPrefix))
      .map(readLocally)
      .filter((draft) => draft !== undefined);
  } catch {
    return [];
  }
}

// The previous version of the page kept { "main.py": { "text": "…", "revision": 7 } } for a project. Remove when no such page can be left.
const oldPageWindow = 'old-page';
const oldPageKey = (project: string): string => `draft.${project}`;

function oldPageDrafts(project: string): Draft[] {
  try {
    const found = JSON.parse(remembered.get(oldPageKey(project)) ?? '{}') as Record<string, { text?: unknown; revision?: number } | null>;
    return Object.entries(found).flatMap(([path, draft]) =>
      typeof draft?.text === 'string'
        ? [{ project, window: oldPageWindow, path, text: draft.text, revision: draft.revision ?? 0, at: 0 }]
        : [],
    );
  } catch {
    return [];
  }
}

function swapSessionWindow(): string | undefined {
  try {
    const previous = sessionStorage.getItem('pixel.window') ?? undefined;
    sessionStorage.setItem('pixel.window', thisWindow);
    return previous;
  } catch {
    return undefined;
  }
}
