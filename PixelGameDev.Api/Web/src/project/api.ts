import { strings } from '../strings';
import type { SaveCondition, StoredText } from './guardedSave';
import { oneTabAtATime } from './oneTab';

export interface Me {
  id: string;
  name: string;
  guest: boolean;
  role: string;
  /** Not there in an answer of the version before. */
  storage?: Storage;
}

/** Bytes that a person's files take and may take, the trash included. */
export interface Storage {
  used: number;
  quota: number;
}

export interface TrashedProject {
  id: string;
  name: string;
  deletedAt: string;
  expiresAt: string;
}

export interface TrashedFile {
  id: string;
  path: string;
  reason: 'deleted' | 'replaced';
  deletedAt: string;
  expiresAt: string;
}

/** The answer to a save; `replaced` is what stood there before, by its id in the trash. */
export interface SavedFile extends ProjectFile {
  replaced?: string | null;
}

export interface ProjectSummary {
  id: string;
  name: string;
  updatedAt: string;
}

export interface ProjectFile {
  path: string;
  size: number;
  binary: boolean;
  /** The project's revision at the file's last save. */
  revision: number;
}

export interface Project extends ProjectSummary {
  entry: string;
  revision: number;
  files: ProjectFile[];
}

export interface Session {
  id: string;
  projectName: string;
  state: string;
  sandbox: string | null;
  endReason?: string | null;
  endMessage?: string | null;
}

export interface Template {
  name: string;
  title: string;
  description?: string;
}

export interface Info {
  version: string;
  sandbox: string | null;
}

/** 507: the whole server is full, which passes only when somebody does something. */
const noRoomAnywhere = 507;

/** A request that did not work; `status` 0 means that no answer came. The message is fit to be shown. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code?: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** Trying again later can help. */
  get transient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || (this.status >= 500 && this.status !== noRoomAnywhere);
  }
}

/** True for the refusal that says: another window has changed, made or deleted the file since. */
export function isChangedElsewhere(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function isTransient(error: unknown): boolean {
  return !(error instanceof ApiError) || error.transient;
}

/** W3C trace context: the trace of an action begins here, with the click. */
function newTrace(): string {
  return `00-${randomHex(16)}-${randomHex(8)}-01`;
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A random UUID, version 4; crypto.randomUUID() is not there on pages that came without TLS. */
export function newId(): string {
  const hex = randomHex(16);
  const variant = '89ab'[parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Longest wait for an answer, milliseconds. A start may have to wait for its turn. */
const patience = 30_000;
const startPatience = 120_000;
const filePatience = 180_000;

/** Time for a body on a slow line (10 kB/s), milliseconds. */
function travelTime(content: string | ArrayBuffer): number {
  return (typeof content === 'string' ? content.length : content.byteLength) / 10;
}

async function request(
  method: string,
  url: string,
  body?: BodyInit | object,
  headers: Record<string, string> = {},
  wait = patience,
): Promise<Response> {
  let payload: BodyInit | undefined;
  if (body !== undefined) {
    if (typeof body === 'string' || body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body)) {
      payload = body as BodyInit;
    } else {
      payload = JSON.stringify(body);
      headers = { 'content-type': 'application/json', ...headers };
    }
  }
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { traceparent: newTrace(), ...headers },
      body: payload ?? null,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(wait),
    });
  } catch {
    throw new ApiError(0, strings.errors.offline);
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

/** RFC 9457 where the answer is one, else a plain sentence by status. */
async function problemOf(response: Response): Promise<ApiError> {
  let text: string | undefined;
  let code: string | undefined;
  try {
    const problem = (await response.json()) as { title?: string; detail?: string; code?: string };
    text = problem.detail ?? problem.title;
    code = problem.code;
  } catch {
    // Not JSON: the status says enough.
  }
  return new ApiError(response.status, text ?? strings.errors.byStatus(response.status), code);
}

const filePath = (project: string, path: string): string =>
  `/api/projects/${project}/files/${path.split('/').map(encodeURIComponent).join('/')}`;

const ifMatch = (revision: number): Record<string, string> => ({ 'if-match': `"${revision}"` });

async function json<T>(response: Promise<Response>): Promise<T> {
  const answer = await response;
  return await body<T>(() => answer.json() as Promise<T>);
}

/** Reads an answer's body; one that breaks off is no answer. */
async function body<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch {
    throw new ApiError(0, strings.errors.offline);
  }
}

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
  startSession: (projectId: string, id: string) => json<Session>(request('POST', '/api/sessions', { projectId, id }, {}, startPatience)),
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
