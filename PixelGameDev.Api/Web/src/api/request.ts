import { language, strings } from '../language';
import { loadErrorWords } from '../language/errorWords';
import { type ProblemParameters, sentenceOf } from '../language/problems';
import { ApiError } from './apiError';
import { newTrace } from './ids';

/** Longest wait for an answer, milliseconds. */
export const patience = 30_000;

export async function request(
  method: string,
  url: string,
  body?: BodyInit | object,
  headers: Record<string, string> = {},
  wait = patience,
): Promise<Response> {
  let payload: BodyInit | undefined;
  if (body !== undefined) {
    if (
      typeof body === 'string' ||
      body instanceof Blob ||
      body instanceof FormData ||
      body instanceof ArrayBuffer ||
      ArrayBuffer.isView(body)
    ) {
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
      // Who has a token means the account of the token, not that of a cookie.
      credentials: 'authorization' in headers ? 'omit' : 'same-origin',
      signal: AbortSignal.timeout(wait),
    });
  } catch {
    throw new ApiError(0, strings.errors.offline);
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

/** Makes the error of an answer (RFC 9457): in the page's language if the page knows the code, otherwise in the server's words. */
async function problemOf(response: Response): Promise<ApiError> {
  let problem: Problem & { refused?: ({ path: string } & Problem)[] } = {};
  try {
    problem = ((await response.json()) as typeof problem | null) ?? {};
  } catch {
    // Not JSON: the status must be enough.
  }
  const { code, parameters } = problem;
  await loadErrorWords(language()).catch(() => undefined);
  const sentence = sentenceOf(code, parameters) ?? problem.detail ?? problem.title ?? sentenceOfStatus(response.status);
  const refused = problem.refused?.map((file) => ({
    path: file.path,
    message: sentenceOf(file.code, file.parameters) ?? file.detail ?? '',
  }));
  return new ApiError(response.status, sentence, code, refused);
}

/** A problem document (RFC 9457) with the server's additions. */
interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  parameters?: ProblemParameters;
}

function sentenceOfStatus(status: number): string {
  const { notFound, tooLarge, tooFast, busy, broken, other } = strings.statuses;
  const known: Readonly<Record<number, string>> = { 404: notFound, 413: tooLarge, 429: tooFast, 503: busy };
  return known[status] ?? (status >= 500 ? broken : other);
}

export async function json<T>(response: Promise<Response>): Promise<T> {
  const answer = await response;
  return await body<T>(() => answer.json() as Promise<T>);
}

/** Reads an answer's body. A body that breaks off counts as no answer. */
export async function body<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch {
    throw new ApiError(0, strings.errors.offline);
  }
}
