import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { adminApi } from '../../api/adminApi';
import type { Person } from '../../api/schema';
import { attempt } from '../../frame/attempt';
import { toast } from '../../frame/toasts';
import { adminWords } from '../../language/adminWords';
import { formatSize } from '../../language/format';
import { Field, Form, textOf } from '../shell/form';

/** Largest quota, megabytes. */
const most = 1_000_000;

/** Draws the form for a person's storage quota in place of the person's row. */
export function QuotaForm({ one, onKeep, onChanged }: { one: Person; onKeep(): void; onChanged(): void }): JSX.Element {
  const words = adminWords().people;
  const area = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const field = area.current?.querySelector('input');
    field?.focus();
    field?.select();
  }, []);
  const change = async (megabytes: number | null): Promise<void> => {
    await adminApi.setQuota(one.id, megabytes);
    toast(megabytes === null ? words.usualQuotaSet(one.name) : words.quotaSet(one.name, formatSize(megabytes * 1_000_000)), {
      kind: 'good',
    });
    onChanged();
  };
  return (
    <div ref={area}>
      <Form submit={words.quotaYes} testId="quota" onSubmit={(values) => change(Number(textOf(values, 'megabytes')))}>
        <Field
          label={words.quotaAsk(one.name)}
          name="megabytes"
          type="number"
          min={1}
          max={most}
          value={String(Math.round(one.quota / 1_000_000))}
        />
        <div class="row">
          <button type="button" class="soft-button" onClick={onKeep}>
            {words.cancel}
          </button>
          {one.hasOwnQuota && (
            <button type="button" class="soft-button" onClick={() => void attempt(change(null))}>
              {words.usualQuota}
            </button>
          )}
        </div>
      </Form>
    </div>
  );
}
