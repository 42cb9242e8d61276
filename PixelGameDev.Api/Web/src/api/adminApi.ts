import { json, request } from './request';
import type * as schema from './schema';

/** The requests of the administration. They are not part of the page that most people load. */
export const adminApi = {
  people: (search: string, role: string, after: string | null) => {
    const query = new URLSearchParams({ search });
    if (role !== '') query.set('role', role);
    if (after !== null) query.set('after', after);
    return json<schema.PeoplePage>(request('GET', `/api/admin/people?${query}`));
  },
  setRole: (id: string, role: string) => request('PUT', `/api/admin/accounts/${id}/role`, { role }),
  setQuota: (id: string, megabytes: number | null) => request('PUT', `/api/admin/accounts/${id}/quota`, { megabytes }),
  resetPassword: (id: string) => json<schema.ResetPasswordAnswer>(request('POST', `/api/admin/accounts/${id}/reset-password`)),
  removeAccount: (id: string) => request('DELETE', `/api/admin/accounts/${id}`),
  running: () => json<schema.RunningSession[]>(request('GET', '/api/admin/sessions')),
  stop: (id: string) => request('POST', `/api/admin/sessions/${id}/stop`),
  overview: () => json<schema.Overview>(request('GET', '/api/admin/overview')),
  /** The document comes with status 503 if a part does not work. */
  health: async () => (await (await fetch('/api/health')).json()) as Pick<schema.HealthDocument, 'version' | 'checks'>,
  invitations: () => json<schema.Invitation[]>(request('GET', '/api/admin/invitations')),
  invite: (uses: number, days: number, note: string) =>
    json<schema.NewInvitation>(request('POST', '/api/admin/invitations', { uses, days, note })),
  revoke: (id: string) => request('DELETE', `/api/admin/invitations/${id}`),
  log: (before: number | null) =>
    json<schema.AuditEntry[]>(request('GET', `/api/admin/audit${before === null ? '' : `?before=${before}`}`)),
  setUp: (code: string, name: string, password: string) =>
    json<schema.Me>(request('POST', '/api/account/set-up', { code, name, password })),
};
