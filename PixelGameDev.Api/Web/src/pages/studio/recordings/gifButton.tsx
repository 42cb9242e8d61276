import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ApiError } from '../../../api/apiError';
import { toast } from '../../../frame/toasts';
import { moreWords } from '../../../language/moreWords';
import { recordingsServer } from './recordingsServer';

/** Makes a GIF of a recording in this browser and lets the browser store it. It shows how far that is, and stops when it is pressed again. */
export function GifButton({ project, name }: { project: string; name: string }): JSX.Element {
  const words = moreWords().recordings;
  const percent = useSignal<number | undefined>(undefined);
  const work = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => work.current?.abort(), []);
  const make = async (): Promise<void> => {
    const abort = new AbortController();
    work.current = abort;
    percent.value = 0;
    try {
      const [{ makeGif }, file] = await Promise.all([import('../../../replay/gif'), recordingsServer.read(project, name)]);
      const progress = (share: number): void => {
        percent.value = Math.round(share * 100);
      };
      save(await makeGif(file, progress, abort.signal), `${words.fileName}.gif`);
    } catch (error) {
      if (!abort.signal.aborted) toast(error instanceof ApiError ? error.message : words.noGif, { kind: 'bad' });
    }
    percent.value = undefined;
  };
  const busy = percent.value !== undefined;
  return (
    <button
      type="button"
      class="soft-button"
      title={busy ? words.cancel : undefined}
      data-testid="recording-gif"
      onClick={() => (busy ? work.current?.abort() : void make())}
    >
      {busy ? words.making(percent.value!) : words.gif}
    </button>
  );
}

/** Lets the browser store a file. */
function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser reads the address when it begins to store the file.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
