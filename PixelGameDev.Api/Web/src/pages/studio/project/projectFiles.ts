import type { Project, ProjectFile, StoredText } from '../../../api/types';

/** Holds the files of the open project as this window knows them. */
export class ProjectFiles {
  /** Counts files that were added, removed or renamed here: a list that was requested before such a change is out of date. */
  changes = 0;
  /** True if the project is no longer open: pending requests change nothing. */
  closed = false;
  /** Texts as the server has them at the revision that is known here: what another window's text is compared with. */
  private readonly bases = new Map<string, StoredText>();

  constructor(
    readonly project: Project,
    private readonly onChanged: () => void,
  ) {}

  find(path: string): ProjectFile | undefined {
    return this.project.files.find((file) => file.path === path);
  }

  /** Remembers a stored text. */
  remember(path: string, stored: StoredText): void {
    this.bases.set(path, stored);
  }

  /** Returns the stored text that the text here was made from, or undefined if it is not known. */
  baseOf(path: string): string | undefined {
    const base = this.bases.get(path);
    return base !== undefined && base.revision === this.find(path)?.revision ? base.text : undefined;
  }

  /** Notes that a file was added, removed or renamed. */
  changed(): void {
    this.changes += 1;
  }

  /** Takes over what the server says about a file, which may be new. */
  note(file: ProjectFile): void {
    if (this.closed) return;
    const known = this.find(file.path);
    if (known !== undefined) {
      known.size = file.size;
      known.binary = file.binary;
      known.revision = file.revision;
      return;
    }
    this.changed();
    this.project.files.push(file);
    this.onChanged();
  }

  drop(path: string): void {
    if (this.closed) return;
    this.changed();
    this.project.files = this.project.files.filter((file) => file.path !== path);
    this.onChanged();
  }

  close(): void {
    this.closed = true;
  }
}
