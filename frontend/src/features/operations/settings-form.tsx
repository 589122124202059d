import { Button, Group, NumberInput, Select, SimpleGrid, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import type { AppSettings } from '@/api'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { toApiError } from '@/lib/problem'
import { modelsQuery, useChangeSettings } from './api'
import { type Field, groups } from './setting-fields'

type Value = AppSettings[keyof AppSettings]
type Choice = { value: string; label: string }

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
  const set = (name: keyof AppSettings, value: Value) =>
    setEdits((before) => ({ ...before, [name]: value === '' ? null : value }))
  const modelChoices = models.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {problem ? <Problem error={problem} title="Nothing was saved" /> : null}
        {groups.map(({ title, fields }) => (
          <Panel key={title} title={title}>
            <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} spacing="md">
              {fields.map((field) => (
                <SettingField
                  key={field.name}
                  field={field}
                  value={values[field.name]}
                  models={modelChoices}
                  error={problem?.fieldMessage(field.name)}
                  readOnly={readOnly}
                  onChange={(value) => set(field.name, value)}
                />
              ))}
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

type FieldProps = {
  field: Field
  value: Value
  models: Choice[]
  error: string | undefined
  readOnly: boolean
  onChange: (value: Value) => void
}

function SettingField({ field, value, models, error, readOnly, onChange }: FieldProps) {
  const { name: _name, kind, label, hint, ...shape } = field
  const shared = { label, description: hint, disabled: readOnly, error }
  if (kind === 'number') {
    return (
      <NumberInput
        {...shared}
        {...shape}
        defaultValue={typeof value === 'number' || typeof value === 'string' ? value : ''}
        min={0}
        onChange={(next) => onChange(typeof next === 'bigint' ? Number(next) : next)}
      />
    )
  }
  const isModel = kind === 'model'
  return (
    <Select
      {...shared}
      data={isModel ? models : (field.choices ?? [])}
      defaultValue={typeof value === 'string' ? value : null}
      allowDeselect={false}
      {...(isModel ? { clearable: true, clearButtonProps: { 'aria-label': 'The program’s choice' } } : {})}
      onChange={(next) => onChange(next)}
    />
  )
}
