import { signal } from '@preact/signals';
import { json, request } from '../../api/request';
import type * as schema from '../../api/schema';

export type ReportedGame = schema.ReportedGame;

/** How many games wait for a decision, as far as this page knows. */
export const openReports = signal(0);

const decide = (id: string, decision: string, body: object): Promise<Response> =>
  request('POST', `/api/admin/reports/${id}/${decision}`, body);

/** The requests about reported games. */
export const reportsServer = {
  list: async (settled: boolean) => {
    const queue = await json<schema.ReportQueue>(request('GET', `/api/admin/reports?settled=${settled}`));
    openReports.value = queue.open;
    return queue.games;
  },
  keep: (id: string, note: string) => decide(id, 'keep', { note }),
  takeDown: (id: string, reason: string, note: string) => decide(id, 'take-down', { reason, note }),
  giveBack: (id: string, note: string) => decide(id, 'give-back', { note }),
};
