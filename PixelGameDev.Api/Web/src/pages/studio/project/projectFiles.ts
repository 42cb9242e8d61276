import type { Project, ProjectFile } from '../../../api/types';

/** The files of the open project as they are known in this window. */
export class ProjectFiles {
  /** Counts files that came, went or got another name here: a list that was asked for before is out of date. */
  changes = 0;
  /** The project is no longer open: what is still on its way changes nothing. */
  closed = false;

  constructor(
    readonly project: Project,
    private readonly onChanged: () => void,
  ) {}

  find(path: string): ProjectFile | undefined {
    return this.project.files.find((file) => file.path === path);
  }

  /** A file came, went or got another name. */
  changed(): void {
    this.changes += 1;
  }

  /** Takes over what the server says of a file, which may be new. */
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
