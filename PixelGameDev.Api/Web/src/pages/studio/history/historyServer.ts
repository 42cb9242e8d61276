import { body, json, patience, request } from '../../../api/request';
import type * as schema from '../../../api/schema';

export type Revision = schema.Revision;
export type RevisionDetails = schema.RevisionDetails;
export type RevisionFile = schema.RevisionFile;

const address = (project: string): string => `/api/projects/${project}/history`;
const escaped = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** The requests of the history. They are loaded with its dialog. */
export const historyServer = {
  list: (project: string, before?: number) =>
    json<schema.RevisionList>(request('GET', `${address(project)}/${before === undefined ? '' : `?before=${before}`}`)),
  read: (project: string, number: number) => json<RevisionDetails>(request('GET', `${address(project)}/${number}`)),
  text: async (project: string, number: number, path: string): Promise<string> => {
    const answer = await request('GET', `${address(project)}/${number}/files/${escaped(path)}`);
    return await body(() => answer.text());
  },
  /** Restores all files of a revision, or one. The answer has the number of what was there before. */
  restore: (project: string, number: number, path?: string) =>
    json<Pick<schema.RestoredProject, 'before'>>(
      request('POST', `${address(project)}/${number}/restore`, path === undefined ? {} : { path }, {}, 4 * patience),
    ),
};
