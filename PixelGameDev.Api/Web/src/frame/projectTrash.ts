import { api } from '../api/api';
import { strings } from '../language';
import { withDialogs } from './withDialogs';

/** What happens to a deleted game. */
export interface ProjectTrashActions {
  restoreProject(id: string): Promise<void>;
  removeProject(id: string): Promise<void>;
}

/** Opens the list of the person's deleted games. */
export function openProjectTrash({ restoreProject, removeProject }: ProjectTrashActions): void {
  withDialogs((dialogs) =>
    dialogs.openTrashDialog({
      title: () => strings.trash.games,
      empty: () => strings.trash.noGames,
      testId: 'trash-dialog',
      load: async () =>
        (await api.trash()).map(({ id, name, deletedAt, expiresAt }) => ({
          id,
          name,
          deletedAt,
          expiresAt,
          restore: () => restoreProject(id),
          removeForGood: () => removeProject(id),
        })),
    }),
  );
}
