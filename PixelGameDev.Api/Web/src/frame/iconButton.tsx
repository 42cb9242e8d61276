import type { JSX, Ref } from 'preact';
import { Icon, type IconName } from './icons';

export interface IconButtonProps {
  icon: IconName;
  label: string;
  size?: 'small' | 'tiny';
  class?: string;
  testId?: string;
  buttonRef?: Ref<HTMLButtonElement>;
  tabIndex?: number;
  onClick(): void;
  'aria-expanded'?: boolean;
  'aria-haspopup'?: boolean;
  'aria-controls'?: string;
}

/** Draws a button with only an icon. Screen readers read its name; it is shown on hover. */
export function IconButton({ icon, label, size, class: more, testId, buttonRef, onClick, ...aria }: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={['icon-button', size, more].filter(Boolean).join(' ')}
      title={label}
      aria-label={label}
      data-testid={testId}
      ref={buttonRef}
      onClick={onClick}
      {...aria}
    >
      <Icon name={icon} />
    </button>
  );
}
