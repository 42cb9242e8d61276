import { oneTabAtATime } from './oneTab';
import { strings } from '../strings';
import type { StoredText } from './guardedSave';

export interface Me {
  id: string;
  name: string;
  guest: boolean;
  role: string;
  /** Bytes that the person's files take and may take, the trash included. */
  storage: { used: number; quota: number };
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
  state: string;
  sandbox: string;
  streamUrl?: string;
  endReason?: string;
  endMessage?: string;
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

/** A request that did not work; `status` 0 means that no answer came. The message is fit to be shown. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string, readonly code?: string) {
    super(message);
    this.name = 'ApiError';
  }

  /** Trying again later can help. */
  get transient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
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

async function request(method: string, url: string, body?: BodyInit | object, headers: Record<string, string> = {}): Promise<Response> {
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

async function json<T>(response: Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}

/** Asks who this browser is. Nobody yet: makes a guest, once for all tabs that are opened together. */
async function arrive(me: () => Promise<Me>, makeGuest: () => Promise<Me>): Promise<Me> {
  const known = async (): Promise<Me | undefined> => {
    try {
      return await me();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return undefined;
      throw error;
    }
  };
  // Another tab may have been faster: the answer is only sure inside of the lock.
  return (await known()) ?? await oneTabAtATime('pixel-arrival', async () => (await known()) ?? await makeGuest());
}

export const api = {
  /** The person of this browser, who becomes a guest at the first visit. */
  me: () => arrive(() => json<Me>(request('GET', '/api/me')), () => json<Me>(request('POST', '/api/guests'))),
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
  readText: async (project: string, path: string) => (await request('GET', filePath(project, path))).text(),
  readBytes: async (project: string, path: string) => (await request('GET', filePath(project, path))).arrayBuffer(),
  /** A text and the revision that it stands at. */
  readStored: async (project: string, path: string): Promise<StoredText> => {
    const response = await request('GET', filePath(project, path));
    // Sample: "7", or W/"7" where the answer was compressed on its way.
    const revision = Number(/\d+/.exec(response.headers.get('etag') ?? '')?.[0] ?? 0);
    return { text: await response.text(), revision };
  },
  /** `revision` guards: the file is stored only if it still stands there at the server. */
  writeFile: (project: string, path: string, content: string | ArrayBuffer, revision?: number) =>
    json<ProjectFile>(request('PUT', filePath(project, path), content, {
      'content-type': typeof content === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream',
      ...(revision !== undefined && { 'if-match': `"${revision}"` }),
    })),
  renameFile: (project: string, path: string, to: string) =>
    request('POST', `${filePath(project, path)}?rename=${encodeURIComponent(to)}`),
  deleteFile: (project: string, path: string) => request('DELETE', filePath(project, path)),
  /** With an id of our own the session's stream can be opened beside this request. */
  startSession: (projectId: string, id: string) => json<Session>(request('POST', '/api/sessions', { projectId, id })),
  streamUrl: (session: string): string => {
    const url = new URL(`/api/sessions/${session}/stream`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  },
  session: (id: string) => json<Session>(request('GET', `/api/sessions/${id}`)),
  stopSession: (id: string) => request('POST', `/api/sessions/${id}/stop`),
};
