import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { TouchControls } from '../../../api/types';
import { openDialog } from '../../../frame/dialogs';
import { strings } from '../../../language';
import { buttonCodes, directionsOf, maxButtons, padOf } from '../../../play/touchControls';
import { keyName } from './touchPad';

/** Lets the person choose what the touch controls of the game press. `guess` is what the page would choose. */
export function openControlsDialog(now: TouchControls, guess: () => TouchControls, onSave: (controls: TouchControls) => void): void {
  openDialog({
    title: () => strings.stage.controls.title,
    testId: 'controls-dialog',
    content: (close) => (
      <Controls
        now={now}
        guess={guess}
        onSave={(controls) => {
          close();
          onSave(controls);
        }}
      />
    ),
  });
}

interface ControlsProps {
  now: TouchControls;
  guess(): TouchControls;
  onSave(controls: TouchControls): void;
}

function Controls({ now, guess, onSave }: ControlsProps): JSX.Element {
  const words = strings.stage.controls;
  const chosen = useSignal(now);
  const { buttons } = chosen.value;
  const set = (change: Partial<TouchControls>): void => {
    chosen.value = { ...chosen.value, ...change };
  };
  const toggle = (code: string): void =>
    set({ buttons: buttons.includes(code) ? buttons.filter((other) => other !== code) : [...buttons, code].slice(0, maxButtons) });
  return (
    <form
      class="controls-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(chosen.value);
      }}
    >
      <p class="soft">{words.hint}</p>
      <Choice
        legend={words.pad}
        name="pad"
        options={[
          ['cross', words.cross],
          ['stick', words.stick],
          ['none', words.none],
        ]}
        value={padOf(chosen.value)}
        onChange={(pad) => set({ pad })}
      />
      {padOf(chosen.value) !== 'none' && (
        <Choice
          legend={words.directions}
          name="directions"
          options={[
            ['arrows', words.arrows],
            ['wasd', 'W A S D'],
          ]}
          value={directionsOf(chosen.value)}
          onChange={(directions) => set({ directions })}
        />
      )}
      <fieldset>
        <legend>{words.buttons(buttons.length, maxButtons)}</legend>
        <div class="controls-keys">
          {buttonCodes.map((code) => (
            <button
              key={code}
              type="button"
              class="controls-key"
              aria-pressed={buttons.includes(code)}
              data-code={code}
              disabled={!buttons.includes(code) && buttons.length >= maxButtons}
              onClick={() => toggle(code)}
            >
              {keyName(code)}
            </button>
          ))}
        </div>
      </fieldset>
      <div class="controls-end">
        <button
          type="button"
          class="soft-button"
          data-testid="controls-guess"
          onClick={() => {
            chosen.value = guess();
          }}
        >
          {words.guess}
        </button>
        <button type="submit" class="run-button" data-testid="controls-save">
          {words.save}
        </button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  legend: string;
  name: string;
  options: readonly (readonly [string, string])[];
  value: string;
  onChange(value: string): void;
}

function Choice({ legend, name, options, value, onChange }: ChoiceProps): JSX.Element {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="controls-options">
        {options.map(([option, label]) => (
          <label key={option}>
            <input type="radio" name={name} value={option} checked={option === value} onChange={() => onChange(option)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
