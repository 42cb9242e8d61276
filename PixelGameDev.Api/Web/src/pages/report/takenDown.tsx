import '../../styles/report.css';
import type { ComponentChildren, JSX } from 'preact';
import type { TakeDown } from '../../api/schema';
import { reasonOf, reportWords } from '../../language/reportWords';

interface TakenDownProps {
  state: TakeDown;
  title: string;
  children?: ComponentChildren;
}

/** Says why staff have taken a game down. */
export function TakenDown({ state: { reason, note }, title, children }: TakenDownProps): JSX.Element {
  const words = reportWords().takenDown;
  return (
    <div class="taken-down" role="status" data-testid="taken-down">
      <strong>{title}</strong>
      <p>{words.reason(reasonOf(reason))}</p>
      {note !== '' && (
        <>
          <p>{words.note}</p>
          <blockquote>{note}</blockquote>
        </>
      )}
      {children}
    </div>
  );
}
