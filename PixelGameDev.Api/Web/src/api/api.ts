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

/** Longer waits, milliseconds: a start may have to wait for its turn, a file for a slow line. */
const startPatience = 120_000;
const filePatience = 180_000;

/** Time for a body on a slow line (10 kB/s), milliseconds. */
function travelTime(content: string | ArrayBuffer): number {
  return (typeof content === 'string' ? content.length : content.byteLength) / 10;
}

const filePath = (project: string, path: string): string =>
  `/api/projects/${project}/files/${path.split('/').map(encodeURIComponent).join('/')}`;

const ifMatch = (revision: number): Record<string, string> => ({ 'if-match': `"${revision}"` });

/** The person of this browser; undefined: nobody yet. */
async function known(): Promise<Me | undefined> {
  const answer = await request('GET', '/api/me?optional=true');
  return answer.status === 204 ? undefined : await body(() => answer.json() as Promise<Me>);
}

/** Asks who this browser is. Nobody yet: makes a guest, once for all tabs that are opened together. */
async function arrive(makeGuest: () => Promise<Me>): Promise<Me> {
  // Another tab may have been faster: the answer is only sure inside of the lock.
  return (await known()) ?? (await oneTabAtATime('pixel-arrival', async () => (await known()) ?? (await makeGuest())));
}

export const api = {
  /** The person of this browser, who becomes a guest at the first visit. */
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
  /** A text and the revision that it stands at. */
  readStored: async (project: string, path: string): Promise<StoredText> => {
    const response = await request('GET', filePath(project, path), undefined, {}, filePatience);
    // Sample: "7", or W/"7" where the answer was compressed on its way.
    const revision = Number(/\d+/.exec(response.headers.get('etag') ?? '')?.[0] ?? 0);
    return { text: await body(() => response.text()), revision };
  },
  /** Stores a file if the condition holds; nothing is ever overwritten by an older window. */
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
  /** The answer has the file's new name and revision. */
  renameFile: (project: string, path: string, to: string, revision: number) =>
    json<ProjectFile>(request('POST', `${filePath(project, path)}?rename=${encodeURIComponent(to)}`, undefined, ifMatch(revision))),
  /** Returns the file's id in the trash. */
  deleteFile: async (project: string, path: string, revision: number): Promise<string | undefined> => {
    const response = await request('DELETE', filePath(project, path), undefined, ifMatch(revision));
    // Sample: /api/projects/…/trash/01a2…
    return response.headers.get('location')?.split('/').pop();
  },
  trash: () => json<TrashedProject[]>(request('GET', '/api/trash')),
  restoreProject: (id: string) => json<Project>(request('POST', `/api/projects/${id}/restore`)),
  removeProject: (id: string) => request('DELETE', `/api/trash/projects/${id}`),
  projectTrash: (id: string) => json<TrashedFile[]>(request('GET', `/api/projects/${id}/trash`)),
  /** Puts a file back; with `replace` what is there now goes into the trash. */
  restoreFile: (project: string, file: string, path: string, replace: boolean) =>
    json<ProjectFile>(request('POST', `/api/projects/${project}/trash/${file}/restore`, { path, replace })),
  removeFile: (project: string, file: string) => request('DELETE', `/api/projects/${project}/trash/${file}`),
  /** With an id of our own the session's stream can be opened beside this request. */
  startSession: (projectId: string, id: string) =>
    json<StartedSession>(request('POST', '/api/sessions', { projectId, id }, {}, startPatience)),
  streamUrl: (session: string): string => {
    const url = new URL(`/api/sessions/${session}/stream`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  },
  /** The person's sessions that have not ended, on this page or anywhere else. */
  runningSessions: () => json<Session[]>(request('GET', '/api/sessions?running=true')),
  session: (id: string) => json<Session>(request('GET', `/api/sessions/${id}`)),
  stopSession: (id: string) => request('POST', `/api/sessions/${id}/stop`),
};
