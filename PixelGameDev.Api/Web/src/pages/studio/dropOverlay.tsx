import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Mascot } from '../../frame/mascot';
import { strings } from '../../language';
import { droppedFiles } from './project/droppedFiles';
import type { LocalFile } from './project/uploads';

/** Takes files and folders that are dropped anywhere on the page, and shows that while they are dragged over it. */
export function DropOverlay({ onFiles }: { onFiles(files: Promise<LocalFile[]>): void }): JSX.Element {
  const visible = useSignal(false);
  useEffect(() => {
    const page = new AbortController();
    const { signal } = page;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const show = (event: DragEvent): void => {
      if (hasFiles(event)) visible.value = true;
    };
    const allow = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) visible.value = false;
    };
    const take = (event: DragEvent): void => {
      visible.value = false;
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) onFiles(droppedFiles(event.dataTransfer));
    };
    addEventListener('dragenter', show, { signal });
    addEventListener('dragover', allow, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('drop', take, { signal, capture: true });
    return () => page.abort();
  }, []);
  return (
    <div class="drop-overlay" hidden={!visible.value} data-testid="drop-overlay">
      <div class="drop-card">
        <Mascot mood="proud" />
        <p>{strings.files.drop}</p>
      </div>
    </div>
  );
}
