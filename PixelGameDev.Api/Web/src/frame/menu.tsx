import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from './iconButton';
import { Icon, type IconName } from './icons';

export interface MenuProps {
  icon: IconName;
  label: string;
  testId: string;
  /** Returns the entries when the menu opens. */
  children(close: () => void): ComponentChildren;
}

/** Draws a button with a menu below it. Arrow keys move in the menu. Escape, a click outside, and a loss of the focus close it. */
export function Menu({ icon, label, testId, children }: MenuProps): JSX.Element {
  const open = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    open.value = false;
  };
  return (
    <>
      <IconButton
        icon={icon}
        label={label}
        testId={testId}
        class="menu-button"
        buttonRef={button}
        aria-haspopup
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      />
      {open.value && (
        <MenuList button={button} close={close}>
          {children(() => {
            close();
            // A dialog that an entry opens returns the keyboard here.
            button.current?.focus();
          })}
        </MenuList>
      )}
    </>
  );
}

interface MenuListProps {
  button: { readonly current: HTMLButtonElement | null };
  close(): void;
  children: ComponentChildren;
}

function MenuList({ button, close, children }: MenuListProps): JSX.Element {
  const menu = useRef<HTMLDivElement>(null);
  const isOutside = (target: EventTarget | null): boolean =>
    !menu.current?.contains(target as Node) && !button.current?.contains(target as Node);
  useLayoutEffect(() => menu.current?.querySelector('button')?.focus(), []);
  useEffect(() => {
    const onPress = (event: Event): void => {
      if (isOutside(event.target)) close();
    };
    addEventListener('pointerdown', onPress, true);
    return () => removeEventListener('pointerdown', onPress, true);
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...menu.current!.querySelectorAll('button')];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') {
      close();
      button.current?.focus();
    } else if (move !== 0) {
      event.preventDefault();
      items[(at + move + items.length) % items.length]?.focus();
    }
  };
  return (
    <div
      class="menu"
      role="menu"
      tabIndex={-1}
      data-testid="menu-list"
      ref={menu}
      onKeyDown={onKeyDown}
      onFocusOut={(event) => {
        if (event.relatedTarget !== null && isOutside(event.relatedTarget)) close();
      }}
    >
      {children}
    </div>
  );
}

export interface MenuItemProps {
  icon: IconName;
  label: string;
  testId: string;
  onClick(): void;
}

/** Draws one entry of a menu. */
export function MenuItem({ icon, label, testId, onClick }: MenuItemProps): JSX.Element {
  return (
    <button type="button" class="menu-item" role="menuitem" data-testid={testId} onClick={onClick}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}

export interface MenuChoiceProps<T extends string> {
  icon: IconName;
  label: string;
  testId: string;
  choices: readonly (readonly [value: T, label: string])[];
  chosen: T;
  onChoose(value: T): void;
}

/** Draws a choice between a few options, as chips in a menu; the menu stays open. */
export function MenuChoice<T extends string>({ icon, label, testId, choices, chosen, onChoose }: MenuChoiceProps<T>): JSX.Element {
  return (
    <div class="menu-choice" role="group" aria-label={label}>
      <Icon name={icon} />
      {choices.map(([value, text]) => (
        <button
          key={value}
          type="button"
          class="chip"
          role="menuitemradio"
          aria-checked={value === chosen}
          data-testid={`${testId}-${value}`}
          onClick={() => onChoose(value)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
