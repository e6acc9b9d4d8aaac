import type { ComponentChildren, VNode } from 'preact';

/**
 * The JSX of the widget: elements at once, without a virtual tree. The build puts this in the place of
 * `preact/jsx-runtime` for the widget alone, where Preact would be half of all that a visitor downloads. It is enough
 * because views are plain functions, native fields keep their own state, and a step is drawn once.
 */
type Props = Readonly<Record<string, unknown>> & { readonly children?: ComponentChildren };
type Drawn = Element | ComponentChildren;

const SVG = /^(svg|circle|path)$/;

function setProperty(element: Element, name: string, value: unknown): void {
  if (name.startsWith('on')) element.addEventListener(name.slice(2).toLowerCase(), value as EventListener);
  else if (name === 'value')
    (element as HTMLInputElement).value = `${value}`; // A textarea has no such attribute.
  else if (value || value === 0) element.setAttribute(name, value === true ? '' : `${value}`);
}

export function jsx(type: string | ((props: Props) => Drawn), { children, ...props }: Props): Drawn {
  if (typeof type === 'function') return type({ children, ...props });
  const element = SVG.test(type)
    ? document.createElementNS('http://www.w3.org/2000/svg', type)
    : document.createElement(type);
  for (const [name, value] of Object.entries(props)) setProperty(element, name, value);
  const shown = [children].flat(9).filter((child) => child || child === 0);
  element.append(...(shown as (Node | string)[]));
  return element;
}

export const jsxs = jsx;
export const Fragment = ({ children }: Props): Drawn => children;

/** What JSX made here. Its static type is Preact's, since the same views are drawn by Preact on the server. */
export const elementOf = (drawn: VNode): HTMLElement => drawn as unknown as HTMLElement;
