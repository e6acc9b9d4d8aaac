/** A field of a form with its hint, or what is wrong with it. */
export type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly fault: string | null;
};

export const describedBy = ({ name, fault }: FieldProps): string => `${name}-${fault ? 'fault' : 'hint'}`;

export function Hint({ name, hint, fault }: FieldProps) {
  return fault ? (
    <p class="fault" id={`${name}-fault`} role="alert">
      {fault}
    </p>
  ) : (
    <p class="hint" id={`${name}-hint`}>
      {hint}
    </p>
  );
}

/** Which pages may send: one address a line. */
export function OriginsField({ value, fault }: { readonly value: string; readonly fault: string | null }) {
  const field: FieldProps = {
    name: 'origins',
    label: 'Allowed addresses',
    hint: 'Your site’s addresses, one a line, such as https://shop.example. Empty allows any page to send.',
    fault,
  };
  return (
    <div class="field">
      <label for="origins">{field.label}</label>
      <textarea
        id="origins"
        name="origins"
        rows={3}
        aria-describedby={describedBy(field)}
        aria-invalid={fault ? 'true' : undefined}
      >
        {value}
      </textarea>
      <Hint {...field} />
    </div>
  );
}
