/** The one place where names of the API become words that people read, and states get their colour. */

export type Tone = 'neutral' | 'busy' | 'attention' | 'good' | 'done' | 'bad'
export type Word = { label: string; tone: Tone; hint?: string }

const word = (label: string, tone: Tone, hint?: string): Word =>
  hint ? { label, tone, hint } : { label, tone }

export const leadStatusWords: Record<string, Word> = {
  imported: word('New', 'neutral', 'No texts yet'),
  generating: word('Writing', 'busy', 'Claude is writing the sequence'),
  drafted: word('To review', 'attention', 'A draft waits for your eyes'),
  approved: word('Approved', 'good', 'Ready to be added to a campaign'),
  rejected: word('Sent back', 'bad', 'Somebody sent the draft back'),
  exporting: word('Adding', 'busy', 'On the way to the campaign'),
  exported: word('In campaign', 'done', 'Woodpecker confirmed the person'),
  failed: word('Needs help', 'bad', 'A step failed: the lead’s page says why'),
}

export const sequenceStatusWords: Record<string, Word> = {
  draft: word('To review', 'attention'),
  approved: word('Approved', 'good'),
  rejected: word('Sent back', 'bad'),
  exported: word('In campaign', 'done'),
}

/** Export items and attempts of history. */
export const exportItemWords: Record<string, Word> = {
  queued: word('Waiting', 'neutral'),
  sending: word('Adding', 'busy'),
  unknown: word(
    'Checking with Woodpecker',
    'attention',
    'The answer never reached us: we ask Woodpecker before anything else happens',
  ),
  added: word('Added', 'done'),
  already_in_campaign: word('Already there', 'good'),
  rejected: word('Refused by Woodpecker', 'bad'),
  failed: word('Failed', 'bad'),
  cancelled: word('Cancelled', 'neutral'),
  skipped: word('Left out', 'neutral', 'Something changed before it was their turn'),
  not_applied: word('Not added', 'neutral', 'We asked Woodpecker twice: it has nothing of it'),
  not_sent: word('Not sent', 'neutral', 'The request certainly did not go out'),
}

/** Runs of any kind: generations and exports. */
export const runStatusWords: Record<string, Word> = {
  queued: word('Waiting', 'neutral'),
  running: word('Running', 'busy'),
  paused: word('Paused', 'attention'),
  completed: word('Finished', 'done'),
  cancelled: word('Cancelled', 'neutral'),
  failed: word('Failed', 'bad'),
}

export const importStatusWords: Record<string, Word> = {
  parsing: word('Reading', 'busy'),
  parsed: word('Ready to check', 'attention'),
  committing: word('Importing', 'busy'),
  committed: word('Imported', 'done'),
  failed: word('Failed', 'bad'),
  undone: word('Undone', 'neutral'),
}

export const campaignStatusWords: Record<string, Word> = {
  RUNNING: word('Running', 'attention', 'People you add are mailed without another click'),
  COMPLETED: word('Completed', 'attention', 'Adding people starts the campaign again: mail goes out'),
  EDITED: word('Edited', 'neutral'),
  PAUSED: word('Paused', 'good', 'Nothing is mailed until somebody starts it in Woodpecker'),
  DRAFT: word('Draft', 'good', 'Nothing is mailed until somebody starts it in Woodpecker'),
  STOPPED: word('Stopped', 'neutral', 'Woodpecker accepts nobody here'),
  DELETED: word('Deleted', 'bad'),
}

/** Why a lead is kept out of an export. */
export const exclusionWords: Record<string, string> = {
  new: 'Will be added',
  already_in_campaign: 'Already in this campaign',
  in_other_campaign: 'Active in another campaign',
  claimed_by_other_export: 'In another export right now',
  replied: 'Replied before',
  bounced: 'Bounced before',
  contacted_recently: 'Contacted recently',
  same_company: 'Colleague of somebody else',
  was_in_campaign: 'Was in another campaign',
  do_not_contact: 'On the do-not-contact list',
  not_approved: 'Not approved',
  edited_after_approval: 'Edited after approval',
  sandbox_text: 'Text was written by the sandbox',
  invalid: 'Cannot be sent as it is',
}

/** Why an export stands still, with what to do. */
export const exportReasonWords: Record<string, string> = {
  by_user: 'Somebody paused it.',
  sending_held:
    'Sending is held until history is reconciled with Woodpecker. An admin does that under Operations.',
  campaign_gone: 'The campaign is not in Woodpecker any more.',
  campaign_does_not_fit:
    'The campaign’s steps ask for texts that nobody wrote, or put one where it does not belong. Correct the steps in Woodpecker, then cancel and plan again.',
  vendor_changed:
    'Woodpecker answers in a way this program does not know any more. Nothing is sent until somebody has looked; download the CSV to go on by hand.',
  campaign_changed:
    'The campaign changed after you confirmed: adding people now has another effect. Look at it, then go on or cancel.',
  paragraphs_untested:
    'Five people went first, because nobody tested yet how paragraphs arrive. Look at their texts in Woodpecker, then go on; Settings has a guided test.',
  vendor_key_missing: 'There is no key for Woodpecker. An admin enters one in Settings.',
}

export const snippetKindWords: Record<string, string> = {
  subject: 'Subject line',
  email: 'E-mail',
  linkedin_note: 'LinkedIn note',
  bump: 'Bump',
  breakup: 'Break-up',
}

export const leadFieldWords: Record<string, string> = {
  email: 'E-mail',
  first_name: 'First name',
  last_name: 'Last name',
  full_name: 'Full name',
  company: 'Company',
  title: 'Title',
  phone: 'Phone',
  website: 'Website',
  linkedin_url: 'LinkedIn',
  industry: 'Industry',
  address: 'Address',
  city: 'City',
  state: 'State',
  country: 'Country',
  time_zone: 'Time zone',
  tags: 'Tags',
  custom: 'Keep as extra column',
}

export const onDuplicateWords: Record<string, { label: string; hint: string }> = {
  skip: { label: 'Leave them as they are', hint: 'Rows whose address we know already are not imported.' },
  fill: { label: 'Fill what is empty', hint: 'Only fields that are empty today get a value from the file.' },
  overwrite: {
    label: 'Overwrite',
    hint: 'Values in the file replace what we have. Undo the import to get the old values back.',
  },
}

export const roleWords: Record<string, { label: string; hint: string }> = {
  admin: { label: 'Admin', hint: 'Everything, including users, keys and settings' },
  manager: { label: 'Manager', hint: 'Reps’ work, templates, exceptions and the audit trail' },
  rep: { label: 'Rep', hint: 'Import, write, review, export' },
  viewer: { label: 'Viewer', hint: 'Looks, changes nothing' },
}

/** Words for a code nobody translated yet: `content_differs` reads "Content differs". */
export function humanise(code: string): string {
  const text = code.replace(/[_.-]+/g, ' ').trim()
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function wordFor(words: Record<string, Word>, code: string): Word {
  return words[code] ?? word(humanise(code), 'neutral')
}

/** Whether what one does reaches the real world. */
export function vendorModeWord(name: string, mode: string | undefined): Word {
  if (mode === 'real') return word(`${name}: real`, 'done', `${name} is the real service.`)
  if (mode === 'sandbox') {
    return word(`${name}: sandbox`, 'attention', `${name} is our own simulator: nothing leaves this machine.`)
  }
  return word(`${name}: off`, 'bad', `No key for ${name}. An admin enters one in Settings.`)
}

/** Both connections in one word, for a narrow screen. */
export function vendorModesWord(claude: string | undefined, woodpecker: string | undefined): Word {
  const hint = `Claude: ${claude ?? 'off'}. Woodpecker: ${woodpecker ?? 'off'}.`
  if (claude === woodpecker) return { ...vendorModeWord('Both', claude), hint }
  const tone = claude === 'off' || woodpecker === 'off' ? 'bad' : 'attention'
  return word(`Claude ${claude ?? 'off'}, Wp. ${woodpecker ?? 'off'}`, tone, hint)
}
