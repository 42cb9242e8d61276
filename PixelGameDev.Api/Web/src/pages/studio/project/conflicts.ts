import { signal } from '@preact/signals';
import type { SaveConflict } from './guardedSave';

/** Holds conflicting texts of two windows. The person chooses, one file after the other. */
export class Conflicts {
  /** All conflicts; the page asks about the first one. */
  readonly all = signal<readonly SaveConflict[]>([]);

  /** Adds a conflict; the newest texts replace older ones. */
  add(conflict: SaveConflict): void {
    const { value } = this.all;
    this.all.value = value.some(({ path }) => path === conflict.path)
      ? value.map((other) => (other.path === conflict.path ? conflict : other))
      : [...value, conflict];
  }

  /** Removes the conflict of a file after the answer. */
  settle(path: string): void {
    if (this.all.value.some((other) => other.path === path)) this.all.value = this.all.value.filter((other) => other.path !== path);
  }

  clear(): void {
    this.all.value = [];
  }
}
