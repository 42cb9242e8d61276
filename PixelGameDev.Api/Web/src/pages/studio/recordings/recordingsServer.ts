import { body, json, patience, request } from '../../../api/request';
import type * as schema from '../../../api/schema';

export type Recording = schema.Recording;

const address = (project: string): string => `/api/projects/${project}/recordings`;

/** The requests about recordings. They are loaded with their dialog. */
export const recordingsServer = {
  list: (project: string) => json<schema.RecordingList>(request('GET', `${address(project)}/`)),
  /** Keeps what is recorded of a session. */
  keep: (project: string, session: string) => json<Recording>(request('POST', `${address(project)}/`, { session })),
  /** Records the next seconds of a session that runs. */
  restart: (session: string) => request('POST', `/api/sessions/${session}/recording`),
  url: (project: string, name: string): string => `${address(project)}/${name}`,
  read: async (project: string, name: string): Promise<Uint8Array> => {
    const answer = await request('GET', `${address(project)}/${name}`, undefined, {}, 4 * patience);
    return new Uint8Array(await body(() => answer.arrayBuffer()));
  },
  show: (project: string, name: string, shown: boolean) => request('PATCH', `${address(project)}/${name}`, { shown }),
  remove: (project: string, name: string) => request('DELETE', `${address(project)}/${name}`),
};
