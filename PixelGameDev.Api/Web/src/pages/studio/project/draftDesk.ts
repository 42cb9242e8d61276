import { signal } from '@preact/signals';
import { attempt } from '../../../frame/attempt';
import { toast } from '../../../frame/toasts';
import { strings } from '../../../language';
import { BrowserDrafts, claimWindow, thisWindow, windowGone, withoutOwner } from './draftStore';
import { type Draft, DraftKeeper } from './drafts';
import { freeName } from './fileKinds';
import type { OpenProject } from './openProject';

export interface DraftOffer {
  draft: Draft;
  /** The file of the draft is gone; else a newer text stands there. */
  gone: boolean;
  /** The name under which it would be kept. */
  name: string;
}

/** Keeps the unsaved text of the open project in this browser, and brings back what earlier visits left there. */
export class DraftDesk {
  /** Drafts that have no file of their own; the first one is asked about. */
  readonly offers = signal<readonly DraftOffer[]>([]);
  private readonly store = new BrowserDrafts();
  private opened: OpenProject | undefined;
  private keeper: DraftKeeper | undefined;
  private closing = new AbortController();

  constructor(private readonly onCreated: (opened: OpenProject, path: string) => Promise<void>) {
    claimWindow();
    void this.store.purge().catch(() => undefined);
  }

  /** True when this browser has a copy of everything that is unsaved. */
  get complete(): boolean {
    return this.keeper?.complete ?? true;
  }

  /** Begins to keep the texts of a project. */
  open(opened: OpenProject): void {
    this.close();
    this.opened = opened;
    this.keeper = new DraftKeeper({
      project: opened.id,
      window: thisWindow,
      store: this.store,
      unsaved: () => opened.unsaved(),
      onNoRoom: () => toast(strings.drafts.noRoom, { kind: 'bad', key: 'room', time: 15_000 }),
    });
  }

  close(): void {
    this.keeper?.close();
    this.keeper = undefined;
    this.opened = undefined;
    this.closing.abort();
    this.closing = new AbortController();
    this.offers.value = [];
  }

  /** Something was typed. */
  touch(): void {
    this.keeper?.touch();
  }

  /** Keeps what is unsaved now, and lets go what is saved. */
  async sync(): Promise<void> {
    await this.keeper?.sync();
  }

  /** Keeps what is unsaved at once: the page may not come back. */
  keepNow(): void {
    this.keeper?.keepNow();
  }

  /** What was typed and not saved when an earlier visit ended comes back; if the file was saved elsewhere since, the person chooses. */
  async restore(): Promise<void> {
    const { opened, keeper } = this;
    if (opened === undefined) return;
    const all = await this.store.of(opened.id);
    const found = await withoutOwner(all);
    for (const window of new Set(all.filter((draft) => !found.includes(draft)).map((draft) => draft.window)))
      void this.inherit(opened, window);
    if (found.length === 0) return;
    const { taken, needless, homeless } = await opened.takeUp(found);
    // Kept under this window's name first: there is no moment without a copy.
    await keeper?.sync();
    for (const draft of [...taken, ...needless]) await this.store.remove(draft, false).catch(() => undefined);
    if (opened !== this.opened) return;
    if (taken.length > 0) toast(strings.saved.restored, { kind: 'good' });
    this.offer(opened, homeless);
  }

  /** Offers what another window leaves behind when it goes: no later visit need come for that. */
  private async inherit(opened: OpenProject, window: string): Promise<void> {
    try {
      await windowGone(window, this.closing.signal);
      if (opened !== this.opened) return;
      const left = (await this.store.of(opened.id)).filter((draft) => draft.window === window);
      const { needless, homeless } = await opened.takeUp(left, true);
      for (const draft of needless) await this.store.remove(draft, false);
      if (opened === this.opened) this.offer(opened, homeless);
    } catch {
      // This window has closed the project first, or the browser keeps nothing: the next visit looks again.
    }
  }

  /** Somebody has chosen: the text gets a file of its own, or is let go. */
  answer(offer: DraftOffer, keep: boolean): void {
    this.offers.value = this.offers.value.filter((other) => other !== offer);
    void attempt(this.settle(offer, keep));
  }

  private offer(opened: OpenProject, drafts: Draft[]): void {
    const offers = drafts.map((draft) => {
      const gone = !opened.has(draft.path);
      return { draft, gone, name: gone ? draft.path : freeName(opened, draft.path) };
    });
    this.offers.value = [...this.offers.value, ...offers];
  }

  private async settle({ draft, name }: DraftOffer, keep: boolean): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    if (keep) await this.onCreated(opened, await opened.create(opened.has(name) ? freeName(opened, name) : name, draft.text));
    await this.store.remove(draft, false);
  }
}
