import { signal } from '@preact/signals';
import type { ComponentType, JSX } from 'preact';

/** Returns a component that draws nothing until its code is there. The code is loaded when the component is drawn for the first time. */
export function later<Props>(load: () => Promise<ComponentType<Props>>): (props: Props & JSX.IntrinsicAttributes) => JSX.Element | null {
  const component = signal<ComponentType<Props> | undefined>(undefined);
  let loading = false;
  return (props) => {
    const Loaded = component.value;
    if (Loaded !== undefined) return <Loaded {...props} />;
    if (!loading) {
      loading = true;
      void load().then(
        (loaded) => {
          component.value = loaded;
        },
        () => {
          // The next drawing tries again.
          loading = false;
        },
      );
    }
    return null;
  };
}
