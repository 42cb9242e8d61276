import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Mascot } from './mascot';

export interface DropOverlayProps {
  /** Says what happens to the files. */
  hint: string;
  /** Called in the event itself: the browser forgets the data afterwards. */
  onDrop(data: DataTransfer): void;
}

/** Takes files and folders that are dropped anywhere on the page, and shows a hint while they are dragged over it. */
export function DropOverlay({ hint, onDrop }: DropOverlayProps): JSX.Element {
  const drop = useRef(onDrop);
  drop.current = onDrop;
  const visible = useSignal(false);
  useEffect(() => {
    const page = new AbortController();
    const { signal } = page;
    // A picture of the page itself is dragged as a file, too.
    let ownDrag = false;
    const hasFiles = (event: DragEvent): boolean => !ownDrag && (event.dataTransfer?.types.includes('Files') ?? false);
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
      if (event.dataTransfer !== null) drop.current(event.dataTransfer);
    };
    addEventListener('dragstart', () => (ownDrag = true), { signal });
    addEventListener('dragend', () => (ownDrag = false), { signal });
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
        <p>{hint}</p>
      </div>
    </div>
  );
}
