import { useEffect, useRef } from 'preact/hooks';

/** A heading that takes the focus when its step begins, so that a screen reader says where we are. */
export function StepHeading({ children }: { readonly children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {children}
    </h2>
  );
}
