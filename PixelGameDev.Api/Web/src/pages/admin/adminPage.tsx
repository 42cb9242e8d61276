import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { adminApi } from '../../api/adminApi';
import { attempt } from '../../frame/attempt';
import { useLoaded } from '../../frame/dialogs/loaded';
import { whoIsHere } from '../../frame/person';
import { adminWords, loadAdminWords } from '../../language/adminWords';
import { Sheet } from '../shell/sheet';
import './admin.css';
import { InvitationsPart } from './invitations';
import { LogPart } from './log';
import { PeoplePart } from './people';
import { ReportsPart } from './reports';
import { openReports } from './reportsServer';
import { RunningPart } from './running';
import { ServerPart } from './server';

const parts = {
  people: PeoplePart,
  running: RunningPart,
  reports: ReportsPart,
  server: ServerPart,
  invitations: InvitationsPart,
  log: LogPart,
} as const;

type Part = keyof typeof parts;

const begin = async (): Promise<string> => {
  const [me] = await Promise.all([whoIsHere(), loadAdminWords()]);
  if (me.role === 'admin') {
    // The number stands on the button of the reports, whatever part is shown.
    void attempt(
      adminApi.overview().then((overview) => {
        openReports.value = overview.openReports;
      }),
    );
  }
  return me.role;
};

/** Draws what admins see and do; teachers see the people only. The server refuses everybody else whatever this page shows. */
export default function AdminPage(): JSX.Element | null {
  const [role] = useLoaded(begin);
  const shown = useSignal<Part>('people');
  if (role.value.state === 'loading') return null;
  if (role.value.state === 'failed') return <p role="alert">{role.value.message}</p>;
  const words = adminWords().admin;
  const isAdmin = role.value.value === 'admin';
  const isStaff = isAdmin || role.value.value === 'teacher';
  const Shown = parts[shown.value];
  return (
    <Sheet title={role.value.value === 'teacher' ? words.teacherTitle : words.title} back={words.back} testId="admin-page" wide>
      {!isStaff && <p>{words.notAllowed}</p>}
      {isAdmin && (
        <nav class="admin-parts" aria-label={words.parts}>
          {(Object.keys(parts) as Part[]).map((part) => (
            <button
              key={part}
              type="button"
              class="soft-button"
              aria-pressed={shown.value === part}
              data-testid={`admin-${part}`}
              onClick={() => {
                shown.value = part;
              }}
            >
              {part === 'reports' && openReports.value > 0 ? words.reportsOpen(openReports.value) : words[part]}
            </button>
          ))}
        </nav>
      )}
      {isStaff && <Shown isAdmin={isAdmin} />}
    </Sheet>
  );
}
