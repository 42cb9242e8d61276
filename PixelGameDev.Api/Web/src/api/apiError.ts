/** 507: the whole server is full. Only an action of a person changes that. */
const noRoomAnywhere = 507;

/** A file that the server does not take, and why. */
export interface RefusedFile {
  path: string;
  message: string;
}

/** A request that failed; `status` 0 means that no answer came. The message can be shown. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code?: string,
    /** The files of a request that the server does not take; then it has taken none. */
    readonly refused?: readonly RefusedFile[],
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** True if a later attempt can succeed. */
  get transient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || (this.status >= 500 && this.status !== noRoomAnywhere);
  }
}

/** Returns true for the refusal that another window has changed, made or deleted the file since. */
export function isChangedElsewhere(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function isTransient(error: unknown): boolean {
  return !(error instanceof ApiError) || error.transient;
}
