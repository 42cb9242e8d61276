import type { JSX } from 'preact';
import { IconButton } from '../../frame/iconButton';
import { strings } from '../../language';
import { toggleFullscreen } from './fullscreen';

interface FootButtonsProps {
  muted: boolean;
  /** Missing: there is no sound yet. */
  setMuted?(muted: boolean): void;
  section(): HTMLElement;
}

/** Draws the buttons below a game: sound and full screen. */
export function FootButtons({ muted, setMuted, section }: FootButtonsProps): JSX.Element {
  const words = strings.stage;
  return (
    <>
      {setMuted && (
        <IconButton
          icon={muted ? 'mute' : 'sound'}
          label={muted ? words.unmute : words.mute}
          testId="mute"
          onClick={() => setMuted(!muted)}
        />
      )}
      <IconButton icon="fullscreen" label={words.fullscreen} testId="fullscreen" onClick={() => void toggleFullscreen(section())} />
    </>
  );
}
