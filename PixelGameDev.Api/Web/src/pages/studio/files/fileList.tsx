import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { ProjectFile } from '../../../api/types';
import { attempt } from '../../../frame/attempt';
import { IconButton } from '../../../frame/iconButton';
import { Icon, type IconName } from '../../../frame/icons';
import { strings } from '../../../language';
import { type FileKind, kindOf } from '../project/fileKinds';
import type { Studio } from '../studio';
import { NameField } from './nameField';

const kindIcons: Readonly<Record<FileKind, IconName>> = { python: 'python', text: 'text', image: 'image', sound: 'sound', other: 'text' };

/** Lists the files of the project, one of which is open. Names are typed in place, without a dialog. */
export function FileList({ studio }: { studio: Studio }): JSX.Element {
  const { workspace, fileActions } = studio;
  const words = strings.files;
  /** Name fields for new files. A new field can open while the name of an earlier one is sent to the server. */
  const adding = useSignal<readonly number[]>([]);
  const lastField = useRef(0);
  const picker = useRef<HTMLInputElement>(null);
  return (
    // StudioPage gives each project its own list, because names that are being typed belong to one project.
    <nav class="files" aria-label={words.heading}>
      <div class="files-head">
        <h2>{words.heading}</h2>
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
        {workspace.files.value.map((file) => (
          <FileItem key={file.path} file={file} studio={studio} />
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
        accept="image/*,audio/*,.py,.txt,.json,.csv"
        data-testid="file-picker"
        ref={picker}
        onChange={({ currentTarget }) => {
          void fileActions.upload([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <button type="button" class="upload-button" title={words.upload} onClick={() => picker.current?.click()}>
        <Icon name="upload" />
        <span>{words.uploadShort}</span>
      </button>
    </nav>
  );
}

function FileItem({ file: { path }, studio }: { file: ProjectFile; studio: Studio }): JSX.Element {
  const { workspace, fileActions } = studio;
  const words = strings.files;
  const renaming = useSignal(false);
  const item = useRef<HTMLLIElement>(null);
  const kind = kindOf(path);
  const isEntry = path === workspace.entry.value;
  const selected = path === workspace.openPath.value;
  const look = ['file', kind, selected && 'selected', path === workspace.errorIn.value && 'has-error', renaming.value && 'editing'];
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
            <span class="file-name">{path}</span>
            {isEntry && <Icon name="flag" />}
          </button>
          <span class="file-tools">
            <IconButton icon="pencil" label={words.rename(path)} size="tiny" onClick={rename} />
            {!isEntry && <IconButton icon="bin" label={words.remove(path)} size="tiny" onClick={remove} />}
          </span>
        </>
      )}
    </li>
  );
}
