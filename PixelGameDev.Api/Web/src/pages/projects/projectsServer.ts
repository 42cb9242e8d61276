import { json, patience, request } from '../../api/request';
import type * as schema from '../../api/schema';

/** Longest name of a game, as the server has it. */
export const longestName = 80;

/** Returns the beginning of a name, at most `most` UTF-16 units, without half a character at its end. */
export const cutName = (name: string, most = longestName): string => name.slice(0, Math.max(0, most)).replace(/\p{Surrogate}$/u, '');

/** A game in the list. */
export type Game = Pick<schema.ProjectSummary, 'id' | 'name' | 'entry' | 'updatedAt' | 'fileCount' | 'size' | 'picture' | 'folder'> &
  Partial<Pick<schema.ProjectSummary, 'recording'>>;
export type LeftOut = schema.LeftOutFile;

/** The requests that only the page of all games makes. */
export const projectsServer = {
  list: () => json<Game[]>(request('GET', '/api/projects')),
  duplicate: (id: string, name: string) =>
    json<Pick<schema.Project, 'id' | 'name'>>(request('POST', `/api/projects/${id}/duplicate`, { name }, {}, 4 * patience)),
  zipUrl: (id: string) => `/api/projects/${id}/zip`,
  pygbagUrl: (id: string) => `/api/projects/${id}/zip/pygbag`,
  /** Makes a game from a zip; the answer lists the files that were left out. */
  importZip: (name: string, zip: Blob) =>
    json<schema.ImportedProject>(
      request(
        'POST',
        `/api/projects/import?name=${encodeURIComponent(name)}`,
        zip,
        { 'content-type': 'application/zip' },
        patience + zip.size / 10,
      ),
    ),
};
