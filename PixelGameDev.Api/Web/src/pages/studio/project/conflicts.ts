import { signal } from '@preact/signals';
import type { SaveConflict } from './guardedSave';

/** Texts of two windows between which somebody has to choose, one file after the other. */
export class Conflicts {
  /** The one that is asked about comes first. */
  readonly all = signal<readonly SaveConflict[]>([]);

  /** Asks about a file; the newest texts take the place of older ones. */
  add(conflict: SaveConflict): void {
    const { value } = this.all;
    this.all.value = value.some(({ path }) => path === conflict.path)
      ? value.map((other) => (other.path === conflict.path ? conflict : other))
      : [...value, conflict];
  }

  /** The file's question has been answered. */
  settle(path: string): void {
    if (this.all.value.some((other) => other.path === path)) this.all.value = this.all.value.filter((other) => other.path !== path);
  }

  clear(): void {
    this.all.value = [];
  }
}
