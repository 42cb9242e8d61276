import { json, request } from '../../api/request';
import type * as schema from '../../api/schema';

export type GalleryGame = schema.GalleryGame;

/** The requests of the gallery. */
export const galleryServer = {
  list: (search: string, after: string | undefined) => {
    const query = new URLSearchParams({ search });
    if (after !== undefined) query.set('after', after);
    return json<schema.GalleryPage>(request('GET', `/api/gallery?${query}`));
  },
};
