import { wantedLanguage } from '../language';
import { oneTabAtATime } from './oneTab';
import { body, json, patience, request } from './request';
import type {
  AccountOptions,
  Info,
  Me,
  Project,
  ProjectFile,
  ProjectSummary,
  SaveCondition,
  SavedByGame,
  SavedFile,
  SeatControls,
  Session,
  SignIn,
  SignUp,
  StartedSession,
  StoredText,
  Template,
  TouchControls,
  TrashedFile,
  TrashedProject,
} from './types';

/** Longer timeouts, milliseconds: a start may have to wait for its turn, and a file may travel over a slow line. */
const startPatience = 120_000;
const filePatience = 180_000;
const deletePatience = 180_000;

/** Returns the time for a body on a slow line (10 kB/s), milliseconds. */
function travelTime(content: string | ArrayBuffer): number {
  return (typeof content === 'string' ? content.length : content.byteLength) / 10;
}

const escaped = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
const filePath = (project: string, path: string): string => `/api/projects/${project}/files/${escaped(path)}`;
const savedPath = (project: string, path: string): string => `/api/projects/${project}/saved/${escaped(path)}`;

const ifMatch = (revision: number): Record<string, string> => ({ 'if-match': `"${revision}"` });

/** The server makes games with comments in this language. */
const spoken = (): Record<string, string> => ({ 'accept-language': wantedLanguage() });

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
  me: () => arrive(() => json<Me>(request('POST', '/api/guests', undefined, spoken()))),
  signUp: (how: SignUp) => json<Me>(request('POST', '/api/account/sign-up', how, spoken())),
  signIn: (how: SignIn) => json<Me>(request('POST', '/api/account/sign-in', how)),
  signOut: () => request('POST', '/api/account/sign-out'),
  changePassword: (currentPassword: string, newPassword: string) =>
    request('POST', '/api/account/password', { currentPassword, newPassword }),
  signOutEverywhere: () => request('POST', '/api/account/sign-out-everywhere'),
  startFresh: () => request('POST', '/api/account/start-fresh'),
  deleteAccount: (proof: { password: string } | { confirm: 'delete' }) => request('POST', '/api/account/delete', proof, {}, deletePatience),
  exportUrl: '/api/account/export',
  /** Returns who may have an account here. */
  accountOptions: () => json<AccountOptions>(request('GET', '/api/account/options')),
  info: () => json<Info>(request('GET', '/api/info')),
  projects: () => json<ProjectSummary[]>(request('GET', '/api/projects')),
  templates: () => json<Template[]>(request('GET', '/api/templates', undefined, spoken())),
  project: (id: string) => json<Project>(request('GET', `/api/projects/${id}`)),
  /** Makes a game from a template. The server gives it a name that no other game of the person has. */
  createProject: (template: string) => json<Project>(request('POST', '/api/projects', { template }, spoken())),
  patchProject: (
    id: string,
    change: { name?: string; entry?: string; controls?: TouchControls; folder?: string; seats?: SeatControls[] },
  ) => request('PATCH', `/api/projects/${id}`, change),
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
  /** Stores new files together: all of them, or none. */
  writeFiles: (project: string, files: readonly { path: string; content: ArrayBuffer }[]) => {
    const form = new FormData();
    for (const { path, content } of files) form.append(path, new Blob([content]), 'file');
    const time = patience + files.reduce((sum, { content }) => sum + travelTime(content), 0);
    return json<SavedFile[]>(request('POST', `/api/projects/${project}/files`, form, {}, time));
  },
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
  /** Lists what the game of a project has saved for this account. */
  savedByGame: (project: string) => json<SavedByGame>(request('GET', `/api/projects/${project}/saved`)),
  readSaved: async (project: string, path: string): Promise<ArrayBuffer> => {
    const response = await request('GET', savedPath(project, path), undefined, {}, filePatience);
    return await body(() => response.arrayBuffer());
  },
  savedUrl: savedPath,
  /** Deletes a saved file; without a path, all of them. */
  resetSaved: (project: string, path?: string) =>
    request('DELETE', path === undefined ? `/api/projects/${project}/saved` : savedPath(project, path)),
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
