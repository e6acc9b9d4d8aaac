import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import type { Delivery, Provider, SampleContext, SetupStep, Translation } from '../provider.ts';
import { publicUrlSetting } from '../public-url.ts';
import { isObject, misfit, settingsParser } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { readCall, readMessage } from '../twilio/notice.ts';
import { twilioScheme, verifyTwilio } from '../twilio/signature.ts';
import { signedHeaders } from '../verify.ts';

const setup: readonly SetupStep[] = [
  {
    text: 'On the first page of the Twilio console, under Account Info, copy the "Auth Token" and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'For messages people send you: open Phone Numbers, Manage, Active numbers, choose your number and paste this address under Messaging at "A message comes in", with "Webhook" and "HTTP POST".',
    copy: 'url',
  },
  {
    text: 'For what becomes of messages you send: open your Messaging Service, then Integration, and paste the same address into "Delivery Status Callback".',
  },
  {
    text: 'For calls: on the page of the number paste the same address under Voice at "Call status changes". Leave "A call comes in" as it is.',
  },
  {
    text: 'Twilio signs the address as well. If yours leads here through another host, set the address Twilio knows as "publicUrl".',
  },
  { text: 'Send a message to your number: it appears here within a few seconds.' },
];

function translate(payload: Json, _delivery: Delivery): Translation {
  if (!isObject(payload)) return misfit('$', 'expected the fields of a form');
  if (Object.hasOwn(payload, 'CallSid')) return readCall(payload);
  const isMessage = ['MessageSid', 'SmsSid', 'SmsMessageSid'].some((field) => Object.hasOwn(payload, field));
  return isMessage ? readMessage(payload) : { ok: true, ignored: 'neither a message nor a call' };
}

async function sample({ secret, now, seed, url }: SampleContext) {
  const { first, number } = samplePerson(seed);
  // Ofcom keeps +44 7700 900000 to 900999 for fiction: nobody has them.
  const fields = new URLSearchParams({
    MessageSid: `SMsample${seed}`,
    SmsStatus: 'received',
    From: `+447700900${String(number % 1000).padStart(3, '0')}`,
    To: '+447700900000',
    Body: `${first} here. Is order ${number} ready?`,
    NumMedia: '0',
  });
  const body = fields.toString();
  return {
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(await signedHeaders(twilioScheme, { secret, body, now, url })),
    },
    body,
  };
}

const twilio: Provider = {
  kind: 'twilio',
  title: 'Twilio',
  summary: 'Text messages, WhatsApp messages and calls of your Twilio numbers.',
  group: 'message',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  // Twilio reads the answer to a message as a program: this one says nothing back.
  acknowledgement: { body: '<?xml version="1.0" encoding="UTF-8"?><Response/>', contentType: 'text/xml' },
  parseSettings: settingsParser(v.strictObject({ publicUrl: publicUrlSetting })),
  verify: verifyTwilio,
  translate,
  sample,
};

export default twilio;
