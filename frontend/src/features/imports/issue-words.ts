/** Codes of remarks about rows, in words: short enough to stand on a chip. What is not listed is shown as it is. */
const words: Record<string, string> = {
  email_missing: 'No address',
  email_invalid: 'Address not valid',
  email_not_ascii: 'Unusual address',
  name_missing: 'No first name',
  name_case_changed: 'Name in one case',
  company_missing: 'No company',
  title_missing: 'No title',
  too_long: 'Too long',
  do_not_contact: 'Do not contact',
  duplicate_in_file: 'Twice in the file',
  duplicate_in_database: 'Here already',
  markup: 'Markup',
  formula: 'Formula',
  prompt_like: 'Reads like an order to the model',
  merge_field_characters: 'Breaks merge fields',
  link_not_http: 'Link set aside',
  time_zone_unclear: 'Unclear time zone',
  unterminated_quote: 'Open quote',
  stray_quote: 'Stray quote',
  row_short: 'Too few cells',
  row_long: 'Too many cells',
  footer_skipped: 'End of the table',
  preamble_skipped: 'Above the table',
  unseen_removed: 'Unseen characters',
  characters_unreadable: 'Unreadable characters',
  encoding_guessed: 'Encoding guessed',
  header_missing: 'No header',
  erased_before: 'Was erased',
  woodpecker_replied: 'Replied before',
  woodpecker_bounced: 'Bounced before',
  woodpecker_blacklisted: 'Opted out',
  woodpecker_contacted: 'Contacted before',
  woodpecker_contacted_recently: 'Contacted recently',
  woodpecker_in_campaign: 'Still in a campaign',
  woodpecker_was_in_campaign: 'Was in a campaign',
  woodpecker_same_company: 'Colleague is written to',
  woodpecker_called_invalid: 'Woodpecker calls it invalid',
  woodpecker_unknown_status: 'Unknown word at Woodpecker',
}

export function issueWord(code: string): string {
  const known = words[code] ?? code.replaceAll('_', ' ')
  return known.charAt(0).toUpperCase() + known.slice(1)
}

/** What our copy of the Woodpecker account says, the gravest first. */
export const woodpeckerCodes = [
  'woodpecker_blacklisted',
  'woodpecker_replied',
  'woodpecker_bounced',
  'woodpecker_in_campaign',
  'woodpecker_contacted_recently',
  'woodpecker_same_company',
  'woodpecker_was_in_campaign',
  'woodpecker_contacted',
  'woodpecker_called_invalid',
  'woodpecker_unknown_status',
]

const refused = new Set(['woodpecker_blacklisted', 'woodpecker_replied', 'woodpecker_bounced'])

/** Whether this is somebody who said no or cannot be reached, rather than somebody to think about. */
export function isRefusal(code: string): boolean {
  return refused.has(code)
}
