/**
 * Google Forms has no webhooks: this Apps Script sends each response and signs it, so that only the owner's form can write.
 * `{url}` and `{secret}` are filled in where it is shown. Apps Script's digests are signed bytes, hence the `& 255`.
 */
export const APPS_SCRIPT = `const ADDRESS = '{url}';
const SECRET = '{secret}';

function install() {
  ScriptApp.newTrigger('send').forForm(FormApp.getActiveForm()).onFormSubmit().create();
}

function send(event) {
  const form = event.source;
  const response = event.response;
  const answers = response.getItemResponses().map(function (item) {
    const question = item.getItem();
    return {
      field: { id: question.getId(), title: question.getTitle(), type: String(question.getType()) },
      response: item.getResponse(),
    };
  });
  const body = JSON.stringify({
    event_id: response.getId(),
    event_type: 'form_response',
    form_response: {
      form_id: form.getId(),
      email: response.getRespondentEmail(),
      submitted_at: response.getTimestamp().toISOString(),
      definition: { title: form.getTitle() },
      answers: answers,
    },
  });
  const seconds = String(Math.floor(Date.now() / 1000));
  const digest = Utilities.computeHmacSha256Signature(seconds + '.' + body, SECRET, Utilities.Charset.UTF_8);
  const signature = digest.map(function (byte) { return ('0' + (byte & 255).toString(16)).slice(-2); }).join('');
  UrlFetchApp.fetch(ADDRESS, {
    method: 'post',
    contentType: 'application/json; charset=utf-8',
    payload: body,
    headers: { 'X-Rapport-Signature': 't=' + seconds + ',v1=' + signature },
  });
}`;
