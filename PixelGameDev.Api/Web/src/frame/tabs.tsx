import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Icon, type IconName } from './icons';

export interface TabsProps<T extends string> {
  label: string;
  /** `news`: what a dot on the tab means; undefined: no dot. */
  tabs: readonly { name: T; icon: IconName; label: string; news?: string | undefined }[];
  selected: ReadonlySignal<T>;
  onSelect(name: T): void;
}

/** Draws the tabs of a page. The page decides what they show. */
export function Tabs<T extends string>({ label, tabs, selected, onSelect }: TabsProps<T>): JSX.Element {
  return (
    <nav class="tabs" aria-label={label}>
      <div class="tab-list" role="tablist" aria-label={label}>
        {tabs.map((tab) => (
          <button
            key={tab.name}
            type="button"
            class="tab"
            role="tab"
            aria-selected={tab.name === selected.value}
            data-testid={`tab-${tab.name}`}
            onClick={() => onSelect(tab.name)}
          >
            <Icon name={tab.icon} />
            <span>{tab.label}</span>
            {tab.news !== undefined && tab.name !== selected.value && (
              <span class="tab-news" data-testid={`news-${tab.name}`}>
                <span class="unseen">{tab.news}</span>
              </span>
            )}
          </button>
        ))}
      </div>
    </nav>
  );
}
