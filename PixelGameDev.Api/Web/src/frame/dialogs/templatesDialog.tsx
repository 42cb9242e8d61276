import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { api } from '../../api/api';
import type { Template } from '../../api/types';
import { strings } from '../../language';
import { openDialog } from '../dialogs';
import { Mascot } from '../mascot';
import { useLoaded } from './loaded';

/** Offers the templates for a new game. */
export function openTemplatesDialog(onChoose: (template: Template) => void): void {
  openDialog({
    title: () => strings.templates.title,
    testId: 'templates-dialog',
    content: (close) => (
      <Templates
        onChoose={(template) => {
          close();
          onChoose(template);
        }}
      />
    ),
  });
}

function Templates({ onChoose }: { onChoose(template: Template): void }): JSX.Element {
  const [templates] = useLoaded(api.templates);
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => list.current?.querySelector('button')?.focus(), [templates.value.state]);
  return (
    <>
      <p class="soft">{strings.templates.hint}</p>
      <ul class="cards" ref={list}>
        {templates.value.state === 'failed' && (
          <li class="card-empty">
            <Mascot mood="oops" />
            <p>{strings.templates.none}</p>
          </li>
        )}
        {templates.value.state === 'there' &&
          templates.value.value.map((template) => (
            <li key={template.name} class="card">
              <button type="button" class="card-open" data-testid={`template-${template.name}`} onClick={() => onChoose(template)}>
                <strong>{template.title}</strong>
                <span class="soft">{template.description ?? ''}</span>
              </button>
            </li>
          ))}
      </ul>
    </>
  );
}
