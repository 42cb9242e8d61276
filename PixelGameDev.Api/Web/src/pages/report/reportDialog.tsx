import '../../styles/report.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { request } from '../../api/request';
import { messageOf } from '../../frame/attempt';
import { openDialog } from '../../frame/dialogs';
import { toast } from '../../frame/toasts';
import { loadReportWords, reportWords } from '../../language/reportWords';
import { ReasonChoice } from './reasonChoice';

/** Lets anybody tell staff what is wrong with a shared game. */
export async function openReportDialog(code: string, title: string): Promise<void> {
  await loadReportWords();
  openDialog({
    title: () => reportWords().report.title(title),
    testId: 'report-dialog',
    content: (close) => <ReportForm code={code} close={close} />,
  });
}

function ReportForm({ code, close }: { code: string; close(): void }): JSX.Element {
  const words = reportWords().report;
  const reason = useSignal('');
  const details = useSignal('');
  const problem = useSignal('');
  const busy = useSignal(false);
  const send = async (): Promise<void> => {
    busy.value = true;
    problem.value = '';
    try {
      await request('POST', `/api/play/${encodeURIComponent(code)}/report`, { reason: reason.value, details: details.value });
      toast(words.sent, { kind: 'good', key: 'report' });
      close();
    } catch (error) {
      problem.value = messageOf(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="report-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p class="soft">{words.hint}</p>
      <ReasonChoice label={words.reason} chosen={reason} />
      <label class="report-text">
        <span>{words.details}</span>
        <textarea
          rows={3}
          maxLength={500}
          value={details.value}
          data-testid="report-details"
          onInput={({ currentTarget }) => {
            details.value = currentTarget.value;
          }}
        />
      </label>
      <p class="account-refusal" role="alert">
        {problem}
      </p>
      <button type="submit" class="run-button" disabled={busy.value || reason.value === ''} data-testid="report-send">
        {words.send}
      </button>
    </form>
  );
}
