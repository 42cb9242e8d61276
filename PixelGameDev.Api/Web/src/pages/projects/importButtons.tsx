import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon, type IconName } from '../../frame/icons';
import { moreWords } from '../../language/moreWords';
import { chosenGame, gamesOf, type LocalGames } from '../studio/project/droppedFiles';
import type { GamesModel } from './gamesModel';
import { openLeftOutDialog } from './leftOutDialog';

/** Draws the buttons that make a game of what is on the person's disk: a zip, single files, a folder. */
export function ImportButtons({ model }: { model: GamesModel }): JSX.Element {
  const words = moreWords().projects;
  const take = (games: LocalGames): void => void model.importGames(games, openLeftOutDialog);
  return (
    <>
      <Picker icon="upload" label={words.addFiles} testId="game-files" onFiles={(files) => take(gamesOf(files))} />
      <Picker icon="folder" label={words.addFolder} testId="game-folder" folder onFiles={(files) => take(chosenGame(files))} />
    </>
  );
}

interface PickerProps {
  icon: IconName;
  label: string;
  testId: string;
  /** Whether the person chooses a folder. */
  folder?: boolean;
  onFiles(files: readonly File[]): void;
}

function Picker({ icon, label, testId, folder = false, onFiles }: PickerProps): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  // Preact does not know this attribute, which all browsers know.
  const whole = folder ? { webkitdirectory: true } : { multiple: true };
  return (
    <>
      <button type="button" class="soft-button" data-testid={testId} onClick={() => picker.current?.click()}>
        <Icon name={icon} />
        {label}
      </button>
      <input
        type="file"
        hidden
        {...whole}
        data-testid={`${testId}-picker`}
        ref={picker}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
