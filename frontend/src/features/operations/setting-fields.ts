/** The settings in words, in the order of the work. How long things are kept has a section of its own. */

import type { AppSettings } from '@/api'

export type Field = {
  name: keyof AppSettings
  kind: 'number' | 'choice' | 'model'
  label: string
  hint: string
  prefix?: string
  suffix?: string
  max?: number
  choices?: { value: string; label: string }[]
}

const number = (
  name: keyof AppSettings,
  label: string,
  hint: string,
  shape: Pick<Field, 'prefix' | 'suffix' | 'max'> = {},
): Field => ({ name, kind: 'number', label, hint, ...shape })

const keepOut = { value: 'keep_out', label: 'Keep out' }
const warn = { value: 'warn', label: 'Warn' }
const ignore = { value: 'ignore', label: 'Say nothing' }

const collision = (
  name: keyof AppSettings,
  label: string,
  hint: string,
  choices = [keepOut, warn, ignore],
): Field => ({ name, kind: 'choice', label, hint, choices })

export const groups: { title: string; fields: Field[] }[] = [
  {
    title: 'Spending on Claude',
    fields: [
      number('month_budget_usd', 'Per calendar month', 'Empty: no limit', { prefix: '$' }),
      number('run_budget_usd', 'Per run, unless it says otherwise', 'Empty: no limit', { prefix: '$' }),
      {
        name: 'default_model',
        kind: 'model',
        label: 'Model for new runs',
        hint: 'Empty: the program’s choice',
      },
    ],
  },
  {
    title: 'Adding to campaigns',
    fields: [
      number('countdown_seconds', 'Time for Undo', 'Before an export that makes mail go out', {
        suffix: ' seconds',
        max: 600,
      }),
      number('export_batch_size', 'People in one request', '1 to 100', { max: 100 }),
      number(
        'mirror_minutes',
        'Our copy of the people in Woodpecker',
        'Read again when older; 0: only when asked',
        { suffix: ' minutes', max: 1440 },
      ),
    ],
  },
  {
    title: 'People one should not write to again',
    fields: [
      collision('collision_replied', 'Replied in another campaign', 'Before any other choice', [
        keepOut,
        warn,
      ]),
      collision('collision_bounced', 'Their mail bounced', 'In another campaign', [keepOut, warn]),
      collision(
        'collision_in_other_campaign',
        'In another campaign now',
        'New texts would replace those they are to get there',
      ),
      collision('collision_was_in_campaign', 'In another campaign before', 'One that is over'),
      collision('collision_contacted_recently', 'Contacted recently', 'By any campaign'),
      number('contacted_recently_days', 'Recently means', 'Within so many days; 0: never', {
        suffix: ' days',
        max: 365,
      }),
      collision('collision_same_company', 'Colleagues', 'Several of one company, in the list or lately'),
      number('same_company_days', 'Lately, for colleagues', 'Within so many days', {
        suffix: ' days',
        max: 365,
      }),
    ],
  },
  {
    title: 'How long things are kept',
    fields: [
      number('keep_exported_content_days', 'Exported texts', 'After the last planned day; empty: for ever', {
        suffix: ' days',
      }),
      number('keep_history_people_days', 'Names in history', 'Empty: for ever', { suffix: ' days' }),
      number('keep_uploads_days', 'Uploaded files', 'After their import', { suffix: ' days', max: 365 }),
    ],
  },
]
