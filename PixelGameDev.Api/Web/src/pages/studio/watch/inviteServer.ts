import { json, request } from '../../../api/request';
import type { SessionInvitation } from '../../../api/types';

const address = (session: string): string => `/api/sessions/${session}/invitation`;

/** The requests about the invitation to a session. They are loaded with their button. */
export const inviteServer = {
  read: (session: string) => json<SessionInvitation>(request('GET', address(session))),
  make: (session: string) => json<SessionInvitation>(request('POST', address(session))),
  takeBack: (session: string) => request('DELETE', address(session)),
};

/** The address that people open. */
export const watchPageOf = ({ code }: SessionInvitation): string => `${location.origin}/watch/${code}`;
