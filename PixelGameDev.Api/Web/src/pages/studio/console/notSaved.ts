import { errorWords } from '../../../language/errorWords';
import type { NotSavedMessage } from '../../../stream/protocol';
import type { ConsoleModel } from './consoleModel';

/** Says in the console which files of the game are not kept for the next run, each of them once in a run. The words must be loaded. */
export function tellNotSaved(console: Pick<ConsoleModel, 'append'>, { files, more = 0 }: NotSavedMessage, told: Set<string>): void {
  const words = errorWords().saves;
  const tell = (key: string, text: string): void => {
    if (told.has(key)) return;
    told.add(key);
    console.append('system', `${text}\n`);
  };
  for (const { path, reason } of files) tell(`${reason} ${path}`, words.notKept[reason](path));
  if (more > 0) tell('more', words.moreNotKept(more));
}
