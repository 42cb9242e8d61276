import { json, request } from '../../../api/request';
import type * as schema from '../../../api/schema';

export type Publication = schema.Publication;

export interface Publishing {
  howToPlay: string;
  tags: string[];
  withCode: boolean;
  /** True takes the game as it is now; null: as before. */
  pinned: boolean | null;
}

/** `takenDown` is missing in an answer of the previous version. */
export type PublicationState = Pick<schema.PublicationState, 'gallery' | 'publication'> &
  Partial<Pick<schema.PublicationState, 'takenDown'>>;

const address = (project: string): string => `/api/projects/${project}/publication`;

/** The requests about a game in the gallery. */
export const publishServer = {
  read: (project: string) => json<PublicationState>(request('GET', address(project))),
  publish: (project: string, wanted: Publishing) => json<Publication>(request('PUT', address(project), wanted)),
  unpublish: (project: string) => request('DELETE', address(project)),
};
