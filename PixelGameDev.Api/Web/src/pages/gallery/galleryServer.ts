import { json, request } from '../../api/request';
import type * as schema from '../../api/schema';

export type GalleryGame = schema.GalleryGame;

export type GalleryOrder = 'newest' | 'liked';

/** The requests of the gallery. */
export const galleryServer = {
  list: (search: string, order: GalleryOrder, after: string | undefined) => {
    const query = new URLSearchParams({ search, order });
    if (after !== undefined) query.set('after', after);
    return json<schema.GalleryPage>(request('GET', `/api/gallery?${query}`));
  },
};
