/**
 * Draws React elements for a test.
 *
 * @module
 */
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

export interface Mounted {
  readonly container: HTMLElement;
  /** Draws `node` in place of what was there. */
  readonly render: (node: ReactNode) => Promise<void>;
  readonly unmount: () => Promise<void>;
}

/** Draws `node` into the document, and waits until it has settled. Needs a DOM. */
export async function mount(node: ReactNode): Promise<Mounted> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  const container = document.body.appendChild(document.createElement('div'));
  const root = createRoot(container);
  const render = (next: ReactNode): Promise<void> => act(async () => root.render(next));
  await render(node);
  return {
    container,
    render,
    unmount: async () => {
      await act(async () => root.unmount());
      container.remove();
    },
  };
}

/** Does `work`, and waits until what it changed has been drawn. */
export async function settle(work: () => void | Promise<void>): Promise<void> {
  await act(async () => {
    await work();
  });
}
