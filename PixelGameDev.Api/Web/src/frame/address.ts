/** What an address of this page shows. Keep in step with PageServing.cs, which answers 404 for `nowhere`. */
export type Address =
  | { kind: 'home' }
  | { kind: 'project'; id: string }
  | { kind: 'projects' | 'gallery' | 'account' | 'admin' | 'set-up' }
  | { kind: 'nowhere' };

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

export function readAddress(path: string): Address {
  const [first = '', id = '', ...more] = path.replace(/^\/+|\/+$/g, '').split('/');
  if (first === '' || path === '/index.html') return { kind: 'home' };
  if (first === 'projects' && id === '') return { kind: 'projects' };
  if ((first === 'gallery' || first === 'account' || first === 'admin' || first === 'set-up') && id === '') return { kind: first };
  return first === 'projects' && uuid.test(id) && more.length === 0 ? { kind: 'project', id } : { kind: 'nowhere' };
}
