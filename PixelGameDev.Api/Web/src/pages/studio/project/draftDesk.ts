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
  /** True if the file of the draft no longer exists; otherwise a newer text is there. */
  gone: boolean;
  /** The file name under which the draft would be kept. */
  name: string;
}

/** Keeps the unsaved text of the open project in this browser, and restores what earlier visits left there. */
export class DraftDesk {
  /** Drafts without their own file; the page asks about the first one. */
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

  /** Notes that something was typed. */
  touch(): void {
    this.keeper?.touch();
  }

  /** Keeps what is unsaved now, and removes drafts that are saved. */
  async sync(): Promise<void> {
    await this.keeper?.sync();
  }

  /** Keeps what is unsaved at once, because the page may not return. */
  keepNow(): void {
    this.keeper?.keepNow();
  }

  /** Restores text that was typed and not saved in an earlier visit. If the file was saved elsewhere since, the person chooses. */
  async restore(): Promise<void> {
    const { opened, keeper } = this;
    if (opened === undefined) return;
    const all = await this.store.of(opened.id);
    const found = await withoutOwner(all);
    for (const window of new Set(all.filter((draft) => !found.includes(draft)).map((draft) => draft.window)))
      void this.inherit(opened, window);
    if (found.length === 0) return;
    const { taken, needless, homeless } = await opened.takeUp(found);
    // Kept under this window's name first, so that there is always a copy.
    await keeper?.sync();
    for (const draft of [...taken, ...needless]) await this.store.remove(draft, false).catch(() => undefined);
    if (opened !== this.opened) return;
    if (taken.length > 0) toast(strings.saved.restored, { kind: 'good' });
    this.offer(opened, homeless);
  }

  /** Waits until another window is gone, and offers its drafts, so that no later visit is needed for that. */
  private async inherit(opened: OpenProject, window: string): Promise<void> {
    try {
      await windowGone(window, this.closing.signal);
      if (opened !== this.opened) return;
      const left = (await this.store.of(opened.id)).filter((draft) => draft.window === window);
      const { needless, homeless } = await opened.takeUp(left, true);
      for (const draft of needless) await this.store.remove(draft, false);
      if (opened === this.opened) this.offer(opened, homeless);
    } catch {
      // This window has closed the project first, or the browser keeps nothing: the next visit checks again.
    }
  }

  /** Takes the person's choice: the text gets its own file, or is dropped. */
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
