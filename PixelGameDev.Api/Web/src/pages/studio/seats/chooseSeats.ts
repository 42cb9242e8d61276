import { attempt } from '../../../frame/attempt';
import type { Studio } from '../studio';

/** Lets the owner choose what the players 2 to 4 press in the open game. */
export function chooseSeats({ workspace, game }: Studio): void {
  const { project } = workspace;
  if (project === undefined) return;
  // Loaded at its first use, so that the page stays small.
  void attempt(import('./seatsDialog').then(({ openSeatsDialog }) => openSeatsDialog(project, (now) => game.tellSeats(now))));
}
