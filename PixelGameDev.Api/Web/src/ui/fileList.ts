import type { ProjectFile } from '../project/api';
import { kindOf } from '../project/fileKinds';
import { strings } from '../strings';
import { h, iconButton, svg } from './dom';
import { icons } from './icons';

export interface FileListEvents {
  onOpen(path: string): void;
  onAdd(name: string): Promise<boolean>;
  onRename(path: string, to: string): Promise<boolean>;
  onDelete(path: string): void;
  onUpload(files: File[]): void;
  onTrash(): void;
}

const kindIcons = { python: icons.python, text: icons.text, image: icons.image, sound: icons.sound, other: icons.text } as const;

/** The files of the project; one is open. Names are typed in place, nothing pops up. */
export class FileList {
  readonly element: HTMLElement;
  private readonly list = h('ul', { class: 'file-items', 'aria-label': strings.files.list });
  private files: readonly ProjectFile[] = [];
  private entry = '';
  private selected: string | undefined;
  private errorIn: string | undefined;
  /** Name fields that are open. */
  private editing = 0;

  constructor(private readonly events: FileListEvents) {
    const picker = h('input', {
      type: 'file',
      multiple: true,
      hidden: true,
      accept: 'image/*,audio/*,.py,.txt,.json,.csv',
      'data-testid': 'file-picker',
      onchange: () => {
        events.onUpload([...(picker.files ?? [])]);
        picker.value = '';
      },
    });
    this.element = h(
      'nav',
      { class: 'files', 'aria-label': strings.files.heading },
      h(
        'div',
        { class: 'files-head' },
        h('h2', null, strings.files.heading),
        iconButton({
          icon: icons.unbin,
          label: strings.trash.files,
          class: 'small',
          testId: 'file-trash',
          onClick: () => events.onTrash(),
        }),
        iconButton({ icon: icons.plus, label: strings.files.add, class: 'small', testId: 'add-file', onClick: () => this.askNew() }),
      ),
      this.list,
      picker,
      h(
        'button',
        { type: 'button', class: 'upload-button', title: strings.files.upload, onclick: () => picker.click() },
        svg(icons.upload),
        h('span', null, strings.files.uploadShort),
      ),
    );
  }

  show(files: readonly ProjectFile[], entry: string): void {
    // The game's beginning first, then code, then everything else.
    const rank = (file: ProjectFile): number => (file.path === entry ? 0 : kindOf(file.path) === 'python' ? 1 : 2);
    this.files = [...files].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
    this.entry = entry;
    this.draw();
  }

  /** Shows nothing, and ends the typing of names: another project comes. */
  clear(): void {
    this.editing = 0;
    this.selected = undefined;
    this.show([], '');
  }

  select(path: string | undefined): void {
    this.selected = path;
    this.draw();
  }

  markError(path: string | undefined): void {
    this.errorIn = path;
    this.draw();
  }

  private draw(): void {
    // A name that somebody is typing is not taken away.
    if (this.editing > 0) return;
    const focused = this.list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['path'] : undefined;
    this.list.replaceChildren(...this.files.map((file) => this.item(file)));
    if (focused !== undefined) this.list.querySelector<HTMLElement>(`[data-path="${CSS.escape(focused)}"]`)?.focus();
  }

  private item(file: ProjectFile): HTMLElement {
    const isEntry = file.path === this.entry;
    const open = h(
      'button',
      {
        type: 'button',
        class: 'file-open',
        'data-path': file.path,
        title: isEntry ? `${file.path} · ${strings.files.start}` : file.path,
        'aria-current': file.path === this.selected ? 'true' : undefined,
        onclick: () => this.events.onOpen(file.path),
        onkeydown: (event: KeyboardEvent) => {
          if (event.key === 'F2') this.askRename(item, file.path);
          if (event.key === 'Delete' && !isEntry) this.events.onDelete(file.path);
          if (event.key === 'ArrowDown') (item.nextElementSibling?.querySelector('.file-open') as HTMLElement | null)?.focus();
          if (event.key === 'ArrowUp') (item.previousElementSibling?.querySelector('.file-open') as HTMLElement | null)?.focus();
        },
      },
      svg(kindIcons[kindOf(file.path)]),
      h('span', { class: 'file-name' }, file.path),
      isEntry && svg(icons.flag),
    );
    const item = h(
      'li',
      {
        class: `file ${kindOf(file.path)}${file.path === this.selected ? ' selected' : ''}${file.path === this.errorIn ? ' has-error' : ''}`,
        'data-testid': `file:${file.path}`,
      },
      open,
      h(
        'span',
        { class: 'file-tools' },
        iconButton({
          icon: icons.pencil,
          label: strings.files.rename(file.path),
          class: 'tiny',
          onClick: () => this.askRename(item, file.path),
        }),
        !isEntry &&
          iconButton({
            icon: icons.bin,
            label: strings.files.remove(file.path),
            class: 'tiny',
            onClick: () => this.events.onDelete(file.path),
          }),
      ),
    );
    return item;
  }

  private askNew(): void {
    const row = h('li', { class: 'file editing' });
    this.nameField(row, '', strings.files.newName, (name) => this.events.onAdd(name));
    this.list.append(row);
    row.querySelector('input')?.focus();
  }

  private askRename(item: HTMLElement, path: string): void {
    item.classList.add('editing');
    this.nameField(item, path, strings.files.renameTo, (name) =>
      name === path ? Promise.resolve(true) : this.events.onRename(path, name),
    );
    const field = item.querySelector('input')!;
    field.focus();
    const dot = path.lastIndexOf('.');
    field.setSelectionRange(path.lastIndexOf('/') + 1, dot > 0 ? dot : path.length);
  }

  private nameField(row: HTMLElement, value: string, label: string, accept: (name: string) => Promise<boolean>): void {
    let done = false;
    this.editing += 1;
    const finish = async (keep: boolean): Promise<void> => {
      if (done) return;
      done = true;
      const name = field.value.trim();
      if (keep && name !== '' && !(await accept(name))) {
        // Somebody who has gone on to the code meanwhile is not called back: the next keys would land in the name.
        if (document.activeElement === field || document.activeElement === document.body) {
          done = false;
          field.focus();
          return;
        }
      }
      field.disabled = true;
      this.editing = Math.max(0, this.editing - 1);
      this.draw();
    };
    const field = h('input', {
      type: 'text',
      class: 'file-field',
      value,
      'aria-label': label,
      placeholder: strings.files.newNamePlaceholder,
      spellcheck: false,
      autocomplete: 'off',
      autocapitalize: 'off',
      maxLength: 120,
      onkeydown: (event: KeyboardEvent) => {
        event.stopPropagation();
        if (event.key === 'Enter') void finish(true);
        if (event.key === 'Escape') void finish(false);
      },
      onblur: () => void finish(value !== '' || field.value.trim() !== ''),
    });
    row.replaceChildren(field);
  }
}
