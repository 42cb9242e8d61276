import { json, request } from '../../../api/request';
import type { Link } from '../../../api/types';

export interface NewLink {
  withCode: boolean;
  pinned: boolean;
  /** Days until it ends; undefined: never. */
  days: number | undefined;
}

/** What changes of a link; undefined: it stays. */
export interface LinkChange {
  withCode?: boolean;
  /** True: the game as it is now; false: always the newest version. */
  pinned?: boolean;
  /** Days from now until it ends; 0: never. */
  days?: number;
}

const address = (project: string): string => `/api/projects/${project}/links`;

/** The requests about links. They are loaded with their dialog. */
export const shareServer = {
  list: (project: string) => json<Link[]>(request('GET', address(project))),
  make: (project: string, link: NewLink) => json<Link>(request('POST', address(project), link)),
  change: (project: string, link: string, change: LinkChange) => json<Link>(request('PATCH', `${address(project)}/${link}`, change)),
  revoke: (project: string, link: string) => request('DELETE', `${address(project)}/${link}`),
};

/** The address that people open. */
export const pageOf = ({ code }: Pick<Link, 'code'>): string => `${location.origin}/play/${code}`;

/** The lines that show the game inside of another website. */
export function embedOf({ code }: Link): string {
  return `<iframe src="${location.origin}/embed/${code}" width="800" height="640" style="border:0" allow="fullscreen; gamepad; autoplay"></iframe>`;
}
