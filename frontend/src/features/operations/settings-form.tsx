import { Button, Group, NumberInput, Select, SimpleGrid, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import type { AppSettings } from '@/api'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { toApiError } from '@/lib/problem'
import { modelsQuery, useChangeSettings } from './api'

type Field = {
  name: keyof AppSettings
  label: string
  hint: string
  prefix?: string
  suffix?: string
  max?: number
}

const groups: { title: string; fields: Field[] }[] = [
  {
    title: 'Spending on Claude',
    fields: [
      { name: 'month_budget_usd', label: 'Per calendar month', hint: 'Empty: no limit', prefix: '$' },
      {
        name: 'run_budget_usd',
        label: 'Per run, unless it says otherwise',
        hint: 'Empty: no limit',
        prefix: '$',
      },
    ],
  },
  {
    title: 'Adding to campaigns',
    fields: [
      {
        name: 'countdown_seconds',
        label: 'Time for Undo',
        hint: 'Before an export that makes mail go out',
        suffix: ' seconds',
        max: 600,
      },
      {
        name: 'contacted_recently_days',
        label: 'Contacted recently means',
        hint: 'Who was contacted within so many days is kept out',
        suffix: ' days',
        max: 365,
      },
      { name: 'export_batch_size', label: 'People in one request', hint: '1 to 100', max: 100 },
    ],
  },
  {
    title: 'How long things are kept',
    fields: [
      {
        name: 'keep_exported_content_days',
        label: 'Exported texts',
        hint: 'After the last planned day; empty: for ever',
        suffix: ' days',
      },
      {
        name: 'keep_uploads_days',
        label: 'Uploaded files',
        hint: 'After their import',
        suffix: ' days',
        max: 365,
      },
    ],
  },
]

/** Everything an admin can change while the program runs; all of it is saved, or nothing. */
export function SettingsForm({ values, readOnly }: { values: AppSettings; readOnly: boolean }) {
  const change = useChangeSettings()
  const models = useQuery(modelsQuery).data?.items ?? []
  const [edits, setEdits] = useState<Partial<AppSettings>>({})
  const problem = change.error ? toApiError(change.error) : null
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    change.mutate(edits, { onSuccess: () => notifications.show({ color: 'spruce', message: 'Saved' }) })
  }
  const set = (name: keyof AppSettings, value: string | number | null) =>
    setEdits((before) => ({ ...before, [name]: value === '' ? null : value }))
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {problem ? <Problem error={problem} title="Nothing was saved" /> : null}
        {groups.map(({ title, fields }) => (
          <Panel key={title} title={title}>
            <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} spacing="md">
              {fields.map(({ name, label, hint, ...shape }) => (
                <NumberInput
                  key={name}
                  label={label}
                  description={hint}
                  defaultValue={values[name] ?? ''}
                  min={0}
                  disabled={readOnly}
                  error={problem?.fieldMessage(name)}
                  onChange={(value) => set(name, value)}
                  {...shape}
                />
              ))}
              {title === 'Spending on Claude' ? (
                <Select
                  label="Model for new runs"
                  description="Empty: the program’s choice"
                  data={models.map(({ id, name }) => ({ value: id, label: name }))}
                  defaultValue={values.default_model ?? null}
                  clearable
                  clearButtonProps={{ 'aria-label': 'The program’s choice' }}
                  disabled={readOnly}
                  onChange={(value) => set('default_model', value)}
                />
              ) : null}
            </SimpleGrid>
          </Panel>
        ))}
        {readOnly ? null : (
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending} disabled={Object.keys(edits).length === 0}>
              Save settings
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}
