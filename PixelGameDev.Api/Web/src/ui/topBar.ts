import type { SaveState } from '../project/saver';
import { strings } from '../strings';
import { h, iconButton, svg } from './dom';
import { icons } from './icons';
import { mascot } from './mascot';

export interface TopBarEvents {
  onRun(): void;
  onStop(): void;
  onRename(name: string): void;
  onMenu(button: HTMLElement): void;
}

/** Project name and saved state on the left, Run and Stop in the middle, menu on the right. */
export class TopBar {
  readonly element: HTMLElement;
  readonly run: HTMLButtonElement;
  readonly menu: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private readonly runText = h('span', null, strings.topBar.run);
  private readonly name: HTMLInputElement;
  private readonly saved: HTMLElement;
  private projectName = '';

  constructor(events: TopBarEvents) {
    this.name = h('input', {
      class: 'project-name',
      type: 'text',
      maxLength: 80,
      spellcheck: false,
      autocomplete: 'off',
      'aria-label': strings.topBar.projectName,
      title: strings.topBar.projectName,
      'data-testid': 'project-name',
      onchange: () => {
        const wanted = this.name.value.trim();
        if (wanted === '') this.name.value = this.projectName;
        else if (wanted !== this.projectName) events.onRename(wanted);
        this.fitName();
      },
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === 'Escape') this.name.value = this.projectName;
        if (event.key === 'Enter' || event.key === 'Escape') this.name.blur();
      },
      oninput: () => this.fitName(),
    });
    this.saved = h('span', { class: 'saved', role: 'status', 'data-testid': 'saved' });
    this.run = h(
      'button',
      { type: 'button', class: 'run-button', title: strings.topBar.runHint, 'data-testid': 'run', onclick: events.onRun },
      svg(icons.run),
      this.runText,
    );
    this.stop = h(
      'button',
      {
        type: 'button',
        class: 'stop-button',
        title: strings.topBar.stopHint,
        disabled: true,
        'data-testid': 'stop',
        onclick: events.onStop,
      },
      svg(icons.stop),
      h('span', null, strings.topBar.stop),
    );
    this.menu = iconButton({
      icon: icons.menu,
      label: strings.topBar.menu,
      class: 'menu-button',
      testId: 'menu',
      onClick: () => events.onMenu(this.menu),
    });
    this.menu.setAttribute('aria-haspopup', 'true');
    this.menu.setAttribute('aria-expanded', 'false');
    this.element = h(
      'header',
      { class: 'top-bar' },
      h(
        'div',
        { class: 'top-left' },
        h('span', { class: 'logo', title: strings.title }, mascot('happy')),
        h('div', { class: 'project' }, this.name, this.saved),
      ),
      h('div', { class: 'top-actions' }, this.run, this.stop, this.menu),
    );
    this.setSaved('saved');
  }

  setName(name: string): void {
    this.projectName = name;
    this.name.value = name;
    this.fitName();
    document.title = `${name} · ${strings.title}`;
  }

  setSaved(state: SaveState, reason = ''): void {
    this.saved.className = `saved ${state}`;
    // Not saved stays on view longer than the message that said why.
    if (state !== 'refused' || reason !== '') this.saved.title = reason;
    this.saved.dataset['state'] = state;
    this.saved.replaceChildren(
      svg(state === 'saved' ? icons.check : state === 'refused' ? icons.warning : icons.cloud),
      h('span', null, strings.saved[state]),
    );
  }

  setPlaying(playing: boolean): void {
    this.stop.disabled = !playing;
    this.element.classList.toggle('playing', playing);
    this.run.title = playing ? strings.topBar.restartHint : strings.topBar.runHint;
    this.runText.textContent = playing ? strings.topBar.restart : strings.topBar.run;
    this.run.querySelector('svg')?.replaceWith(svg(playing ? icons.restart : icons.run));
  }

  private fitName(): void {
    // The field is as wide as its text, within bounds the style sheet sets; newer browsers do that by themselves.
    if (CSS.supports('field-sizing', 'content')) return;
    this.name.style.width = `${Math.max(6, this.name.value.length + 2)}ch`;
  }
}
