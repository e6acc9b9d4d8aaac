import type { SetupStep } from '../provider.ts';

/**
 * How an owner's server makes an identity token, in the languages shops are written in. Run by the tests as they stand where the
 * language is on the machine. `{secret}` is that of the source.
 */
export const NODE = `import { createHmac } from 'node:crypto';
const secret = '{secret}';

export function rapportToken(user) {
  const facts = { sub: String(user.id), email: user.email, exp: Math.floor(Date.now() / 1000) + 600 };
  const payload = Buffer.from(JSON.stringify(facts)).toString('base64url');
  return payload + '.' + createHmac('sha256', secret).update(payload).digest('hex');
}`;

export const PHP = `const RAPPORT_SECRET = '{secret}';

function rapport_token($id, $email) {
    $facts = ['sub' => (string) $id, 'email' => $email, 'exp' => time() + 600];
    $payload = rtrim(strtr(base64_encode(json_encode($facts)), '+/', '-_'), '=');
    return $payload . '.' . hash_hmac('sha256', $payload, RAPPORT_SECRET);
}

// WordPress and WooCommerce: tells the widget who is signed in.
if (function_exists('add_action')) add_action('wp_footer', function () {
    $user = wp_get_current_user();
    if (!$user->exists()) return;
    $token = wp_json_encode(rapport_token($user->ID, $user->user_email));
    echo "<script>window.rapport=window.rapport||function(){(rapport.q=rapport.q||[]).push(arguments)};";
    echo "rapport('identify','" . (int) $user->ID . "',{},{token:$token})</script>";
});`;

export const PYTHON = `import base64, hashlib, hmac, json, time

SECRET = '{secret}'

def rapport_token(user_id, email):
    facts = {'sub': str(user_id), 'email': email, 'exp': int(time.time()) + 600}
    payload = base64.urlsafe_b64encode(json.dumps(facts).encode()).rstrip(b'=')
    return payload.decode() + '.' + hmac.new(SECRET.encode(), payload, hashlib.sha256).hexdigest()`;

export const RUBY = `require 'base64'
require 'json'
require 'openssl'

SECRET = '{secret}'

def rapport_token(id, email)
  facts = { sub: id.to_s, email: email, exp: Time.now.to_i + 600 }
  payload = Base64.urlsafe_encode64(JSON.generate(facts), padding: false)
  payload + '.' + OpenSSL::HMAC.hexdigest('SHA256', SECRET, payload)
end`;

/** Shopify runs this on its own servers, so that the secret is not in the page. */
export const LIQUID = `{% if customer %}
{% assign exp = 'now' | date: '%s' | plus: 600 %}
{% capture facts %}{"sub":{{ customer.id | json }},"email":{{ customer.email | json }},"exp":{{ exp }}}{% endcapture %}
{% assign payload = facts | base64_url_safe_encode | remove: '=' %}
<script>
window.rapport = window.rapport || function () { (rapport.q = rapport.q || []).push(arguments) };
rapport('identify', '{{ customer.id }}', {}, { token: '{{ payload }}.{{ payload | hmac_sha256: '{secret}' }}' });
</script>
{% endif %}`;

export const PAGE = `window.rapport = window.rapport || function () { (rapport.q = rapport.q || []).push(arguments) };
rapport('identify', user.id, {}, { token: tokenFromYourServer });`;

/** The steps of the set-up text. All of them are optional: without a token, who somebody is stays a claim. */
export const tokenSteps: readonly SetupStep[] = [
  {
    text: 'If people sign in on your site, let your server vouch for them: then their answers join their record instead of waiting as a claim. Keep this secret on the server; it makes tokens that are good for ten minutes and for one browser.',
    copy: 'secret',
  },
  { text: 'In the page, hand the token over with the name:', code: PAGE },
  { text: 'A token made on a server that runs Node.js:', code: NODE },
  { text: 'The same token in PHP, with the hook that WordPress and WooCommerce need:', code: PHP },
  { text: 'The same token in Python:', code: PYTHON },
  { text: 'The same token in Ruby:', code: RUBY },
  { text: 'In a theme of Shopify (theme.liquid):', code: LIQUID },
];

const CONFIRM = `rapport('confirm', 'ann@example.com'); // mails six digits
rapport('confirm', 'ann@example.com', { code: '123456' }); // what the visitor typed

rapport('on', 'code_asked', () => showTheFieldForTheCode());
rapport('on', 'confirmed', ({ email, token }) => sayThanks(email));
rapport('on', 'confirm_failed', ({ reason }) => say(reason)); // wrong_code, cannot_send, paused`;

/** How a page lets visitors prove an address where nobody signs in. */
export const confirmSteps: readonly SetupStep[] = [
  {
    text: 'An address that a visitor types is a claim, and joins nobody’s record. Let them prove it: they are mailed six digits, type them in, and what they send from then on joins their record. It needs a way to send mail: choose one under More, Outgoing mail.',
  },
  { text: 'In your page, ask for a code and prove with it:', code: CONFIRM },
  {
    text: 'It lasts until the page is left. To keep it for a day, hand the token of “confirmed” over on the next page, in the same browser:',
    code: "rapport('identify', undefined, { email }, { token });",
  },
  {
    text: 'A code is good for half an hour, five tries and one use. An address gets at most three a day, ten minutes apart. Asking is answered alike for every address, so that nobody learns who your customers are.',
  },
  {
    text: 'The same without the widget, by HTTP. The visitor is a random UUID that your page keeps for this browser.',
    code: `const post = (facts) => fetch('{origin}/w/{key}/confirm', { method: 'POST', body: JSON.stringify(facts) });
await post({ visitor, email }); // 202: a code is on its way
await post({ visitor, email, code }); // 200: {"confirmed": true, "token": …}; 422: wrong_code`,
  },
];
