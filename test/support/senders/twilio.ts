import type { Sender } from '../senders.ts';
import { hmac } from '../sign.ts';

const sender: Sender = {
  recorded: ['twilio'],
  sign: (body, { secret, url = '' }) => {
    const fields = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return {
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Twilio-Signature': hmac(secret, url + fields.flat().join(''), 'base64', 'sha1'),
      },
      body,
    };
  },
  secretOf: (seed) => hmac('twilio', seed, 'hex').slice(0, 32),
  // Without percent signs: two spellings of one field are one field to Twilio, and no forgery.
  bodyOf: (text) => `MessageSid=SM1&Body=${Buffer.from(`.${text}`).toString('hex')}`,
  variants: [
    { MessageStatus: 'read', To: 'whatsapp:+447911123456', ErrorCode: 30003 },
    { CallSid: 'CA1', CallStatus: 'completed', Timestamp: 'Thu, 15 Jan 2026 12:00:00 +0000', CallDuration: '61' },
  ],
};

export default sender;
