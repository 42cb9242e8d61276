import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { attempt } from '../../../frame/attempt';
import { IconButton } from '../../../frame/iconButton';
import { Icon } from '../../../frame/icons';
import { strings } from '../../../language';
import { kindOf } from '../project/fileKinds';
import type { Workspace } from '../workspace';
import { kindIcons } from './fileList';

/** Id of the element that shows the open file. */
export const filePanel = 'file-panel';

/** Returns the id of the visible file's tab; undefined if there are no tabs. */
export function selectedTab({ tabs, openPath }: Workspace): string | undefined {
  const at = tabs.paths.value.indexOf(openPath.value ?? '');
  return at < 0 || tabs.paths.value.length < 2 ? undefined : idOf(at);
}

const idOf = (at: number): string => `file-tab-${at}`;

/** Draws the tabs of the open files, above the code. One file needs no tab. */
export function FileTabs({ workspace }: { workspace: Workspace }): JSX.Element | null {
  const { tabs, openPath } = workspace;
  const bar = useRef<HTMLDivElement>(null);
  const paths = tabs.paths.value;
  const selected = openPath.value;
  useLayoutEffect(() => {
    bar.current?.querySelector('.selected')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected, paths.length]);
  if (paths.length < 2) return null;
  const focusSelected = (): void => bar.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  const show = async (path: string): Promise<void> => {
    await workspace.open(path);
    focusSelected();
  };
  const close = async (path: string): Promise<void> => {
    const focused = bar.current?.contains(document.activeElement);
    await tabs.close(path);
    if (focused) requestAnimationFrame(focusSelected);
  };
  const onKeyDown = (event: KeyboardEvent, at: number): void => {
    const targets: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: paths.length - 1 };
    const target = targets[event.key];
    if (event.key === 'Delete') void attempt(close(paths[at]!));
    else if (target !== undefined) void attempt(show(paths.at(target % paths.length)!));
    else return;
    event.preventDefault();
  };
  const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const isUnique = (path: string): boolean => paths.every((other) => other === path || baseName(other) !== baseName(path));
  return (
    <div class="file-tabs" data-testid="file-tabs" ref={bar}>
      {/* It owns the tabs without being around them: buttons may not be inside it. */}
      <div role="tablist" aria-label={strings.files.tabs} aria-owns={paths.map((_, at) => idOf(at)).join(' ')} />
      {paths.map((path, at) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the middle button of a mouse is a second way to the button in it.
        <div
          key={path}
          class={['file-tab', kindOf(path), path === selected && 'selected', path === workspace.errorIn.value && 'has-error']
            .filter(Boolean)
            .join(' ')}
          onMouseDown={(event) => {
            // The browser would scroll.
            if (event.button === 1) event.preventDefault();
          }}
          onAuxClick={(event) => {
            if (event.button === 1) void attempt(close(path));
          }}
        >
          <button
            type="button"
            class="file-tab-open"
            role="tab"
            id={idOf(at)}
            title={path}
            data-testid={`file-tab:${path}`}
            aria-selected={path === selected}
            aria-controls={filePanel}
            tabIndex={path === selected ? 0 : -1}
            onClick={() => void attempt(workspace.open(path))}
            onKeyDown={(event) => onKeyDown(event, at)}
          >
            <Icon name={kindIcons[kindOf(path)]} />
            <span class="file-name">{isUnique(path) ? baseName(path) : path}</span>
          </button>
          <IconButton
            icon="close"
            label={strings.files.closeTab(path)}
            size="tiny"
            tabIndex={path === selected ? 0 : -1}
            onClick={() => void attempt(close(path))}
          />
        </div>
      ))}
    </div>
  );
}
