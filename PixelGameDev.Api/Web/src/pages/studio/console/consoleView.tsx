import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { explanationOf } from '../../../console/explanation';
import { Mascot } from '../../../frame/mascot';
import { strings } from '../../../language';
import type { ErrorReport } from '../../../stream/protocol';
import type { Studio } from '../studio';
import { ConsoleLines } from './consoleLines';
import type { ConsoleCard } from './consoleModel';

/** Shows what the game prints, its questions, and its errors as cards. */
export function ConsoleView({ studio }: { studio: Studio }): JSX.Element {
  const { console } = studio;
  const words = strings.console;
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useRef<HTMLDivElement>(null);
  const view = useRef<ConsoleLines>(null);
  useLayoutEffect(() => {
    view.current = new ConsoleLines(console, scroller.current!, lines.current!);
    console.attach(view.current);
  }, []);
  return (
    <section class="console" aria-label={words.heading} data-testid="console">
      <div class="panel-head">
        <h2>{words.heading}</h2>
        <button type="button" class="text-button" onClick={() => console.clear()}>
          {words.clear}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard, too. */}
      <div class="console-scroll" tabIndex={0} role="log" aria-label={words.heading} aria-live="off" ref={scroller}>
        <p class="console-empty" hidden={!console.isEmpty.value}>
          {words.empty}
        </p>
        <div class="console-lines" data-testid="console-lines" ref={lines} />
        <div class="console-cards" role="alert">
          {console.cards.value.map((card) => (
            <Card key={card.id} card={card} studio={studio} onShown={(element) => view.current?.showCard(element)} />
          ))}
        </div>
      </div>
      <Question studio={studio} />
    </section>
  );
}

/** Shows the question of input(), with a field for the answer. */
function Question({ studio }: { studio: Studio }): JSX.Element {
  const question = studio.console.question.value;
  const field = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const words = strings.console;
  useLayoutEffect(() => {
    field.current!.value = '';
    if (question?.takeKeyboard) field.current!.focus();
  }, [question]);
  return (
    <form
      class="ask"
      hidden={question === undefined}
      data-testid="console-ask"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        studio.answer(field.current!.value);
      }}
    >
      <label class="ask-prompt" for="console-answer">
        {question === undefined || question.prompt.trim() === '' ? words.asks : question.prompt}
      </label>
      <input
        type="text"
        id="console-answer"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={4000}
        data-testid="console-input"
        ref={field}
      />
      <button type="submit" class="soft-button">
        {words.send}
      </button>
    </form>
  );
}

function Card({ card, studio, onShown }: { card: ConsoleCard; studio: Studio; onShown(element: HTMLElement): void }): JSX.Element {
  const element = useRef<HTMLElement>(null);
  useLayoutEffect(() => onShown(element.current!), []);
  const isError = card.kind === 'error';
  return (
    <article class={isError ? 'error-card' : 'error-card notice'} data-testid={isError ? 'error-card' : 'notice-card'} ref={element}>
      <Mascot mood="oops" />
      <div class="error-body">
        {card.kind === 'error' ? (
          <ErrorWords report={card.report} studio={studio} />
        ) : (
          <>
            <h3>{strings.stage.notStarted}</h3>
            <p>{card.text}</p>
          </>
        )}
      </div>
    </article>
  );
}

function ErrorWords({ report, studio }: { report: ErrorReport; studio: Studio }): JSX.Element {
  const words = strings.console;
  const { title, hint } = explanationOf(report, studio.workspace.paths);
  const { file, line } = report;
  const source = report.frames.find((frame) => frame.file === file && frame.line === line)?.source ?? report.frames.at(-1)?.source;
  return (
    <>
      <h3>{title}</h3>
      <p>{hint}</p>
      {file !== undefined && line !== undefined && (
        <button
          type="button"
          class="jump"
          title={words.jump(file, line)}
          data-testid="error-jump"
          onClick={() => studio.jump(file, line, report.column)}
        >
          <span class="jump-place">{words.line(file, line)}</span>
          {source !== undefined && <code>{source.trim()}</code>}
        </button>
      )}
      <details>
        <summary>{words.details}</summary>
        <pre>{report.text}</pre>
      </details>
    </>
  );
}
