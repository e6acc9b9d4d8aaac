import { mailerOf } from '../../sources/mail-out.ts';
import type { Misfit } from '../../sources/provider.ts';
import type { ProviderMailer } from '../../sources/provider-mailer.ts';
import type { Source } from '../../sources/store.ts';
import { AccessForm } from './access-form.tsx';

type Props = { readonly source: Source; readonly mailer: ProviderMailer; readonly misfits: readonly Misfit[] };

/** What it takes to send mail of ours through a source; whether it is done is chosen for the whole business. */
export function MailerForm({ source, mailer, misfits }: Props) {
  const access = {
    fields: mailer.fields,
    setup: mailer.setup,
    summary: 'With a key that can send, mails to your customers can go out through this source.',
  };
  return (
    <AccessForm source={source} title="Send mail through this source" access={access} lack={null} misfits={misfits}>
      {mailerOf(source) !== null && (
        <p>
          <a href="/mail">Choose it as the way your mails go out, and send a test</a>
        </p>
      )}
    </AccessForm>
  );
}
