import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Mascot } from '../../../frame/mascot';
import { strings } from '../../../language';
import { kindOf, loadingCode } from '../project/fileKinds';

/** Side of the square in which a small picture is shown, CSS pixels. */
const room = 256;

/** Shows a picture or plays a sound instead of code, with the line of Python that loads it. */
export function Preview({ path, url }: { path: string; url: string }): JSX.Element {
  const words = strings.preview;
  const size = useSignal<{ width: number; height: number } | undefined>(undefined);
  const kind = kindOf(path);
  const broken = useSignal(false);
  const code = loadingCode(path);
  return (
    <div class="preview" data-testid="preview">
      <div class="preview-sheet">
        {kind === 'image' && !broken.value && (
          <img
            class="preview-image"
            alt={path}
            src={url}
            style={size.value && { width: `${shownWidth(size.value)}px` }}
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
              size.value = { width, height };
            }}
            onError={() => {
              broken.value = true;
            }}
          />
        )}
        {kind === 'sound' && (
          // biome-ignore lint/a11y/useMediaCaption: sounds of a game say nothing.
          <audio controls src={url} preload="metadata" />
        )}
        {(broken.value || (kind !== 'image' && kind !== 'sound')) && (
          <div class="preview-none">
            <Mascot mood="sleepy" />
            <p>{broken.value ? words.broken : words.none}</p>
          </div>
        )}
      </div>
      <h3>{path}</h3>
      <p class="soft">{size.value && words.picture(size.value.width, size.value.height)}</p>
      {code !== null && (
        <div class="preview-code">
          <span class="soft">{words.useIt}</span>
          <code>{code}</code>
          <CopyButton text={code} />
        </div>
      )}
    </div>
  );
}

/** Returns the width at which a small sprite is shown, enlarged by a whole number. */
function shownWidth({ width, height }: { width: number; height: number }): number {
  return width * Math.max(1, Math.floor(Math.min(room / width, room / height)));
}

function CopyButton({ text }: { text: string }): JSX.Element {
  const copied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(text);
    copied.value = true;
    setTimeout(() => {
      copied.value = false;
    }, 1500);
  };
  return (
    <button type="button" class="soft-button" onClick={() => void copy().catch(() => undefined)}>
      {copied.value ? strings.preview.copied : strings.preview.copy}
    </button>
  );
}
