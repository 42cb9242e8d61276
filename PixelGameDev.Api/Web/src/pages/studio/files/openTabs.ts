import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { ProjectFile } from '../../../api/types';
import { remembered } from '../../../frame/remembered';

/** Most games whose tabs this browser remembers, and most tabs of one. */
const mostGames = 20;
const mostTabs = 50;

type Remembered = readonly (readonly [project: string, paths: readonly string[]])[];

export interface TabPorts {
  readonly projectId: ReadonlySignal<string | undefined>;
  readonly files: ReadonlySignal<readonly Pick<ProjectFile, 'path'>[]>;
  /** Path of the visible file. */
  readonly openPath: ReadonlySignal<string | undefined>;
  /** Whether a file is edited, and not only shown or played. */
  isShownAsCode(path: string): boolean;
  open(path: string): Promise<void>;
}

/** Holds which files of the project have a tab. Closing a tab only hides a file: its text, also unsaved text, and its undo history stay. */
export class OpenTabs {
  private readonly opened = signal<readonly string[]>([]);
  private last: string | undefined;

  /** The tabs in their order. A file that was deleted has none, and gets it back when the file comes back. */
  readonly paths = computed(() => {
    const there = new Set(this.ports.files.value.map(({ path }) => path));
    return this.opened.value.filter((path) => there.has(path));
  });

  constructor(private readonly ports: TabPorts) {
    effect(() => {
      const id = ports.projectId.value;
      this.last = undefined;
      this.opened.value = recall().find(([project]) => project === id)?.[1] ?? [];
    });
    effect(() => {
      const path = ports.openPath.value;
      if (path !== undefined) untracked(() => this.add(path));
    });
  }

  /** Closes a tab. If its file is visible, the next tab is shown. The only tab stays. */
  async close(path: string): Promise<void> {
    const paths = this.paths.value;
    const at = paths.indexOf(path);
    const next = paths[at + 1] ?? paths[at - 1];
    if (at < 0 || next === undefined) return;
    if (path === this.ports.openPath.value) await this.ports.open(next);
    // Another file may have been opened meanwhile; the visible file keeps its tab.
    if (path !== this.ports.openPath.value) this.set(this.opened.value.filter((other) => other !== path));
  }

  /** Gives the tab of a file to its new name. */
  rename(from: string, to: string): void {
    this.set(this.opened.value.filter((path) => path !== to).map((path) => (path === from ? to : path)));
    if (this.last === from) this.last = to;
  }

  private add(path: string): void {
    const { last } = this;
    this.last = path;
    const paths = this.opened.value;
    if (paths.includes(path)) return;
    const at = last === undefined ? paths.length : paths.indexOf(last) + 1;
    // Somebody who looks through pictures wants one tab for that.
    const replaced = last !== undefined && at > 0 && !this.ports.isShownAsCode(path) && !this.ports.isShownAsCode(last) ? 1 : 0;
    this.set([...paths.slice(0, at - replaced), path, ...paths.slice(at)].slice(-mostTabs));
  }

  private set(paths: readonly string[]): void {
    this.opened.value = paths;
    const id = this.ports.projectId.value;
    if (id === undefined) return;
    const others = recall().filter(([project]) => project !== id);
    remembered.set('tabs', JSON.stringify([[id, this.paths.value], ...others].slice(0, mostGames)));
  }
}

function recall(): Remembered {
  try {
    const value: unknown = JSON.parse(remembered.get('tabs') ?? '[]');
    const isText = (one: unknown): boolean => typeof one === 'string';
    const isGame = (one: unknown): boolean => Array.isArray(one) && isText(one[0]) && Array.isArray(one[1]) && one[1].every(isText);
    return Array.isArray(value) && value.every(isGame) ? (value as Remembered) : [];
  } catch {
    return [];
  }
}
