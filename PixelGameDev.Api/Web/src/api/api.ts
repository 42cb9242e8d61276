import { oneTabAtATime } from './oneTab';
import { body, json, patience, request } from './request';
import type {
  Info,
  Me,
  Project,
  ProjectFile,
  ProjectSummary,
  SaveCondition,
  SavedFile,
  Session,
  StartedSession,
  StoredText,
  Template,
  TrashedFile,
  TrashedProject,
} from './types';

/** Longer timeouts, milliseconds: a start may have to wait for its turn, and a file may travel over a slow line. */
const startPatience = 120_000;
const filePatience = 180_000;

/** Returns the time for a body on a slow line (10 kB/s), milliseconds. */
function travelTime(content: string | ArrayBuffer): number {
  return (typeof content === 'string' ? content.length : content.byteLength) / 10;
}

const filePath = (project: string, path: string): string =>
  `/api/projects/${project}/files/${path.split('/').map(encodeURIComponent).join('/')}`;

const ifMatch = (revision: number): Record<string, string> => ({ 'if-match': `"${revision}"` });

/** Returns the account of this browser; undefined: there is none yet. */
async function known(): Promise<Me | undefined> {
  const answer = await request('GET', '/api/me?optional=true');
  return answer.status === 204 ? undefined : await body(() => answer.json() as Promise<Me>);
}

/** Returns the account of this browser. If there is none, makes a guest, once for all tabs that are opened together. */
async function arrive(makeGuest: () => Promise<Me>): Promise<Me> {
  // Another tab may have been faster, so the answer is only certain inside the lock.
  return (await known()) ?? (await oneTabAtATime('pixel-arrival', async () => (await known()) ?? (await makeGuest())));
}

export const api = {
  /** Returns the account of this browser. At the first visit it becomes a guest. */
  me: () => arrive(() => json<Me>(request('POST', '/api/guests'))),
  signUp: (name: string, password: string) => json<Me>(request('POST', '/api/account/sign-up', { name, password })),
  signIn: (name: string, password: string) => json<Me>(request('POST', '/api/account/sign-in', { name, password })),
  signOut: () => request('POST', '/api/account/sign-out'),
  info: () => json<Info>(request('GET', '/api/info')),
  projects: () => json<ProjectSummary[]>(request('GET', '/api/projects')),
  templates: () => json<Template[]>(request('GET', '/api/templates')),
  project: (id: string) => json<Project>(request('GET', `/api/projects/${id}`)),
  createProject: (name: string | undefined, template: string) => json<Project>(request('POST', '/api/projects', { name, template })),
  patchProject: (id: string, change: { name?: string; entry?: string }) => request('PATCH', `/api/projects/${id}`, change),
  deleteProject: (id: string) => request('DELETE', `/api/projects/${id}`),
  fileUrl: filePath,
  /** Reads a text and its revision. */
  readStored: async (project: string, path: string): Promise<StoredText> => {
    const response = await request('GET', filePath(project, path), undefined, {}, filePatience);
    // Sample: "7", or W/"7" if the answer was compressed on its way.
    const revision = Number(/\d+/.exec(response.headers.get('etag') ?? '')?.[0] ?? 0);
    return { text: await body(() => response.text()), revision };
  },
  /** Stores a file if the condition holds, so that an older window never overwrites anything. */
  writeFile: (project: string, path: string, content: string | ArrayBuffer, condition: SaveCondition, keepReplaced = false) =>
    json<SavedFile>(
      request(
        'PUT',
        `${filePath(project, path)}${keepReplaced ? '?keepReplaced=true' : ''}`,
        content,
        {
          'content-type': typeof content === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream',
          ...(condition === 'new' ? { 'if-none-match': '*' } : ifMatch(condition)),
        },
        patience + travelTime(content),
      ),
    ),
  /** Renames a file. The answer has its new name and revision. */
  renameFile: (project: string, path: string, to: string, revision: number) =>
    json<ProjectFile>(request('POST', `${filePath(project, path)}?rename=${encodeURIComponent(to)}`, undefined, ifMatch(revision))),
  /** Deletes a file and returns its id in the trash. */
  deleteFile: async (project: string, path: string, revision: number): Promise<string | undefined> => {
    const response = await request('DELETE', filePath(project, path), undefined, ifMatch(revision));
    // Sample: /api/projects/…/trash/01a2…
    return response.headers.get('location')?.split('/').pop();
  },
  trash: () => json<TrashedProject[]>(request('GET', '/api/trash')),
  restoreProject: (id: string) => json<Project>(request('POST', `/api/projects/${id}/restore`)),
  removeProject: (id: string) => request('DELETE', `/api/trash/projects/${id}`),
  projectTrash: (id: string) => json<TrashedFile[]>(request('GET', `/api/projects/${id}/trash`)),
  /** Restores a file. With `replace`, the file that is there now goes into the trash. */
  restoreFile: (project: string, file: string, path: string, replace: boolean) =>
    json<ProjectFile>(request('POST', `/api/projects/${project}/trash/${file}/restore`, { path, replace })),
  removeFile: (project: string, file: string) => request('DELETE', `/api/projects/${project}/trash/${file}`),
  /** Starts a session. The page chooses the id, so that it can open the session's stream during this request. */
  startSession: (projectId: string, id: string) =>
    json<StartedSession>(request('POST', '/api/sessions', { projectId, id }, {}, startPatience)),
  streamUrl: (session: string): string => {
    const url = new URL(`/api/sessions/${session}/stream`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  },
  /** Returns the sessions of the account that have not ended, on this page or anywhere else. */
  runningSessions: () => json<Session[]>(request('GET', '/api/sessions?running=true')),
  session: (id: string) => json<Session>(request('GET', `/api/sessions/${id}`)),
  stopSession: (id: string) => request('POST', `/api/sessions/${id}/stop`),
};
