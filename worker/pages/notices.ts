import type { StaffPageProps } from './layout.tsx';

type Notice = NonNullable<StaffPageProps['notice']>;
const good = (text: string): Notice => ({ tone: 'good', text });
const bad = (text: string): Notice => ({ tone: 'bad', text });

/** What a form did, by the word it leaves in the address: only these sentences can be shown, whatever a link says. */
const NOTICES: Readonly<Record<string, Notice>> = {
  logged: good('Saved to the record.'),
  said: good('Saved. What you said stands over what sources say.'),
  nothing_changed: good('Nothing was changed.'),
  tagged: good('The tag is put on.'),
  untagged: good('The tag is taken off.'),
  no_tag: bad('That is no tag. Write up to 40 letters, digits and spaces.'),
  merged: good('The two are one record now. You can take this back at any time.'),
  kept_apart: good('Remembered: these are two people, and they will not be suggested again.'),
  merged_all: good('They are one record now. You can take this back at any time, all of it or one by one.'),
  kept_apart_all: good('Remembered: these are different people, and they will not be suggested again.'),
  tick_two: bad('Nothing was changed: tick at least two records.'),
  were_kept_apart: bad(
    'Nothing was joined: you have said before of two of these that they are two people. Take that back first, or untick one.',
  ),
  undone: good('Taken back. Everything else stands as before.'),
  cannot_undo: bad('This had been taken back before, or it is not a decision that can be.'),
  one_already: good('These are one record already.'),
  erased: good('Erased. Nothing that names them is left; this certificate shows it.'),
  comparing: good(
    'The sender’s list is being held against what came. What it comes to stands on this page in a minute.',
  ),
  cannot_compare: bad(
    'This cannot be compared now: the source is paused, its access is not filled in, or the day lies ahead.',
  ),
  test_mail: good('The test is on its way. Look again in a few seconds: below stands what became of it.'),
  link_sent: good('The link is on its way. What becomes of it stands under Outgoing mail.'),
  link_no_address: bad(
    'No address of theirs is known well enough: it is only claimed. Make a link to hand over instead.',
  ),
  link_cannot_send: bad('No mail can be sent yet: choose how under Outgoing mail, or make a link to hand over.'),
  cannot_send: bad('No mail can be sent yet. Choose how mails go out first.'),
  seen: good('Marked as seen to.'),
  added: good('The source is added. Follow the steps below, then watch for its first event.'),
  saved: good('Saved.'),
  stage_set: good('The stage is set by hand. The course below says by whom and why.'),
  stage_given_back: good('The rules say the stage again.'),
  stage_not_set: bad('The stage was not set: choose one, say why, and give a last day that is still to come, or none.'),
  stages_saved: good(
    'Saved as a new version. Whoever it moves is moved now; of many customers it takes a few minutes.',
  ),
  segment_deleted: good('The segment is deleted. Nobody’s record has changed.'),
  secret: good('The new secret is in use; the one before it stays valid for 24 hours.'),
  old_secret_ended: good('The old secret is valid no longer. It can take ten seconds until that is so everywhere.'),
  paused: good('Paused. What comes from now on is kept and read when you resume it.'),
  resumed: good('Resumed. What was held is being read, oldest first.'),
  no_secret: bad('There is no secret to save. Paste the signing secret first.'),
  test_accepted: good('The test event went through: verified, read and stored. It stands first in the list below.'),
  test_ignored: good('The test event went through, and held nothing to store.'),
  test_handshake: good('The test event was a greeting and was answered.'),
  test_refused: bad('The test event was refused. The reason stands first in the list below.'),
  test_malformed: bad('The test event could not be read. The reason stands first in the list below.'),
  test_unknown_key: bad('The test event did not find this source. Try again in a few seconds.'),
  test_no_secret: bad('No test can be signed yet: paste the signing secret first.'),
  replay_accepted: good('Replayed: what was missing is stored now.'),
  replay_old: good('Replayed: everything in it had been stored before, so nothing changed.'),
  replay_ignored: good('Replayed: it holds nothing to store.'),
  replay_malformed: bad('Replayed, and it still does not fit. The reason stands first in the list below.'),
  asked_again: good('The sender is asked again for what is missing. Look again in a minute.'),
  replay_held: bad('This delivery is held until its source is resumed.'),
  replay_begun: good('The replay has begun. It goes on by itself; how far it is stands above the deliveries.'),
  replay_no_time: bad('Say since when to replay.'),
  joined_group: good('They belong to it now.'),
  left_group: good('Remembered: they do not belong to it.'),
  together: good('They live together now. What one of them has agreed to still says nothing of the other.'),
  no_group_name: bad('Nothing was saved: write the name of the organisation.'),
  several_groups: bad('Several organisations are called so. Open the right one and add the member there.'),
  retried: good('It is tried again now. Look again in a minute.'),
  retry_gone: bad('It is not among what could not be done any more.'),
  replay_gone: bad('This delivery cannot be replayed: its body is not kept any more.'),
};

/** The notice of a word in the address; null for none and for words of others. */
export const noticeOf = (code: string | undefined): StaffPageProps['notice'] =>
  (code !== undefined && Object.hasOwn(NOTICES, code) ? NOTICES[code] : null) ?? null;
