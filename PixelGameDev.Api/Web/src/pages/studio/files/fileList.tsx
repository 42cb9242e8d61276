import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { ProjectFile } from '../../../api/types';
import { attempt } from '../../../frame/attempt';
import { IconButton } from '../../../frame/iconButton';
import { Icon, type IconName } from '../../../frame/icons';
import { filesInRow } from '../../../frame/view';
import { strings } from '../../../language';
import { type FileKind, kindOf } from '../project/fileKinds';
import type { Studio } from '../studio';
import { NameField } from './nameField';

export const kindIcons: Readonly<Record<FileKind, IconName>> = {
  python: 'python',
  text: 'text',
  image: 'image',
  sound: 'sound',
  other: 'text',
};

/** Preact does not know this attribute, which all browsers know. */
const wholeFolder = { webkitdirectory: true };

/** Lists the files of the project, one of which is open. Names are typed in place, without a dialog. */
export function FileList({ studio }: { studio: Studio }): JSX.Element {
  const { workspace, fileActions } = studio;
  const words = strings.files;
  /** Name fields for new files. A new field can open while the name of an earlier one is sent to the server. */
  const adding = useSignal<readonly number[]>([]);
  const lastField = useRef(0);
  const picker = useRef<HTMLInputElement>(null);
  const folderPicker = useRef<HTMLInputElement>(null);
  const closed = useSignal<ReadonlySet<string>>(new Set());
  return (
    // StudioPage gives each project its own list, because names that are being typed belong to one project.
    <nav class="files" aria-label={words.heading}>
      <div class="files-head">
        <h2>{words.heading}</h2>
        <IconButton icon="disk" label={words.savedByGame} size="small" testId="saved-by-game" onClick={() => fileActions.openSaved()} />
        <IconButton icon="unbin" label={strings.trash.files} size="small" testId="file-trash" onClick={() => fileActions.openTrash()} />
        <IconButton
          icon="plus"
          label={words.add}
          size="small"
          testId="add-file"
          onClick={() => {
            adding.value = [...adding.value, ++lastField.current];
          }}
        />
      </div>
      <ul class="file-items" aria-label={words.list}>
        {inFolders(workspace.files.value).map(({ folder, files }) => (
          <>
            {folder !== '' && <Folder key={`${folder}/`} name={folder} closed={closed} />}
            {files
              .filter(({ path }) => !closed.value.has(folder) || filesInRow.value || path === workspace.openPath.value)
              .map((file) => (
                <FileItem key={file.path} file={file} folder={folder} studio={studio} />
              ))}
          </>
        ))}
        {adding.value.map((field) => (
          <li key={`new ${field}`} class="file editing">
            <NameField
              value=""
              label={words.newName}
              accept={(name) => fileActions.add(name)}
              onDone={() => {
                adding.value = adding.value.filter((other) => other !== field);
              }}
            />
          </li>
        ))}
      </ul>
      <input
        type="file"
        multiple
        hidden
        accept="image/*,audio/*,.py,.txt,.json,.csv,.md,.ini,.xml,.tmx,.tsx,.tmj,.ttf,.otf,.mid,.midi,.zip"
        data-testid="file-picker"
        ref={picker}
        onChange={({ currentTarget }) => {
          void fileActions.upload([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <input
        type="file"
        {...wholeFolder}
        hidden
        data-testid="folder-picker"
        ref={folderPicker}
        onChange={({ currentTarget }) => {
          void fileActions.uploadFolder([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <div class="upload-row">
        <button type="button" class="upload-button" title={words.upload} onClick={() => picker.current?.click()}>
          <Icon name="upload" />
          <span>{words.uploadShort}</span>
        </button>
        <IconButton icon="folder" label={words.uploadFolder} onClick={() => folderPicker.current?.click()} />
      </div>
    </nav>
  );
}

/** Groups files by their folders; those in no folder first. */
function inFolders(files: readonly ProjectFile[]): { folder: string; files: ProjectFile[] }[] {
  const folders = new Map<string, ProjectFile[]>([['', []]]);
  for (const file of files) {
    const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
    if (!folders.has(folder)) folders.set(folder, []);
    folders.get(folder)!.push(file);
  }
  return [...folders].map(([folder, inside]) => ({ folder, files: inside }));
}

/** Draws the heading of a folder, which opens and closes it. */
function Folder({ name, closed }: { name: string; closed: Signal<ReadonlySet<string>> }): JSX.Element {
  const isClosed = closed.value.has(name);
  return (
    <li class="folder">
      <button
        type="button"
        class="folder-open"
        aria-expanded={!isClosed}
        onClick={() => {
          closed.value = isClosed ? new Set([...closed.value].filter((other) => other !== name)) : new Set([...closed.value, name]);
        }}
      >
        <Icon name="play" />
        <span class="file-name">{name}</span>
      </button>
    </li>
  );
}

function FileItem({ file: { path }, folder, studio }: { file: ProjectFile; folder: string; studio: Studio }): JSX.Element {
  const { workspace, fileActions } = studio;
  const words = strings.files;
  const renaming = useSignal(false);
  const item = useRef<HTMLLIElement>(null);
  const kind = kindOf(path);
  const isEntry = path === workspace.entry.value;
  const selected = path === workspace.openPath.value;
  const look = [
    'file',
    kind,
    folder !== '' && 'inside',
    selected && 'selected',
    path === workspace.errorIn.value && 'has-error',
    renaming.value && 'editing',
  ];
  const rename = (): void => {
    renaming.value = true;
  };
  const remove = (): void => void attempt(fileActions.remove(path));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'F2') rename();
    if (event.key === 'Delete' && !isEntry) remove();
    if (event.key === 'ArrowDown') item.current?.nextElementSibling?.querySelector<HTMLElement>('.file-open')?.focus();
    if (event.key === 'ArrowUp') item.current?.previousElementSibling?.querySelector<HTMLElement>('.file-open')?.focus();
  };
  return (
    <li class={look.filter(Boolean).join(' ')} data-testid={`file:${path}`} ref={item}>
      {renaming.value ? (
        <NameField
          value={path}
          label={words.renameTo}
          accept={(name) => (name === path ? Promise.resolve(true) : fileActions.rename(path, name))}
          onDone={() => {
            renaming.value = false;
          }}
        />
      ) : (
        <>
          <button
            type="button"
            class="file-open"
            data-path={path}
            title={isEntry ? `${path} · ${words.start}` : path}
            aria-current={selected ? 'true' : undefined}
            onClick={() => void attempt(workspace.open(path))}
            onKeyDown={onKeyDown}
          >
            <Icon name={kindIcons[kind]} />
            <span class="file-name">{folder === '' || filesInRow.value ? path : path.slice(folder.length + 1)}</span>
            {isEntry && <Icon name="flag" />}
          </button>
          <span class="file-tools">
            {/* Only beside the open file: one more button over the name of every file would be in the way. */}
            {kind === 'python' && selected && !isEntry && (
              <IconButton icon="flag" label={words.startWith(path)} size="tiny" onClick={() => void attempt(fileActions.startWith(path))} />
            )}
            <IconButton icon="pencil" label={words.rename(path)} size="tiny" onClick={rename} />
            {!isEntry && <IconButton icon="bin" label={words.remove(path)} size="tiny" onClick={remove} />}
          </span>
        </>
      )}
    </li>
  );
}
