import { Button, Group, Stack, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { TemplateRow } from '@/api'
import { LinkText } from '@/components/links'
import { type Column, DataTable } from '@/components/data-table'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { useMay } from '@/lib/session'
import { templatesQuery, useCloneTemplate, useMakeDefault, useShelveTemplate } from './api'
import { LearningTable } from './learning-table'

export function TemplatesPage() {
  const query = useQuery(templatesQuery)
  const clone = useCloneTemplate()
  const makeDefault = useMakeDefault()
  const shelve = useShelveTemplate()
  const [withArchived, setWithArchived] = useState(false)
  const mayManage = useMay('manage')
  const navigate = useNavigate()
  const copy = (row: TemplateRow) =>
    clone.mutate(
      { id: row.id, name: `${row.name} (copy)` },
      { onSuccess: ({ id }) => void navigate({ to: '/templates/$templateId', params: { templateId: id } }) },
    )
  return (
    <Stack gap="md">
      <PageHeader
        title="Templates"
        description="What is said to whom, in which voice: the prompt and the shape of a sequence"
      />
      <Loaded query={query}>
        {(rows) => (
          <DataTable
            label="Templates"
            rows={rows.filter(({ archived }) => withArchived || !archived)}
            rowId={({ id }) => id}
            columns={columns(
              mayManage
                ? {
                    onCopy: copy,
                    onDefault: ({ id, version }) => makeDefault.mutate({ id, version }),
                    onShelve: ({ id, version, archived }) => shelve.mutate({ id, version, archived }),
                  }
                : null,
            )}
          />
        )}
      </Loaded>
      {query.data?.some(({ archived }) => archived) ? (
        <Switch
          label="Show archived templates"
          checked={withArchived}
          onChange={(event) => setWithArchived(event.currentTarget.checked)}
        />
      ) : null}
      <LearningTable />
    </Stack>
  )
}

type Act = (row: TemplateRow) => void
type Actions = { onCopy: Act; onDefault: Act; onShelve: Act } | null

function columns(actions: Actions): Column<TemplateRow>[] {
  const shown: Column<TemplateRow>[] = [
    {
      key: 'name',
      header: 'Name',
      width: '45%',
      cell: ({ id, name, is_default, archived }) => (
        <Group gap={8}>
          <LinkText to="/templates/$templateId" params={{ templateId: id }} fw={600} fz="sm">
            {name}
          </LinkText>
          {is_default ? <StatusBadge word={{ label: 'Default', tone: 'good' }} /> : null}
          {archived ? <StatusBadge word={{ label: 'Archived', tone: 'neutral' }} /> : null}
        </Group>
      ),
    },
    {
      key: 'version',
      header: 'Version',
      width: 90,
      align: 'right',
      cell: ({ current_version }) => <Text fz="sm">{current_version}</Text>,
    },
    {
      key: 'since',
      header: 'Since',
      width: 150,
      from: 'sm',
      cell: ({ created_at }) => <Time at={created_at} />,
    },
  ]
  if (!actions) return shown
  return [
    ...shown,
    {
      key: 'actions',
      header: 'Change',
      width: 320,
      cell: (row) => (
        <Group gap={6}>
          <Button size="xs" variant="default" onClick={() => actions.onCopy(row)}>
            Copy
          </Button>
          {row.is_default || row.archived ? null : (
            <Button size="xs" variant="subtle" onClick={() => actions.onDefault(row)}>
              Make it the default
            </Button>
          )}
          {row.is_default ? null : (
            <Button size="xs" variant="subtle" color="gray" onClick={() => actions.onShelve(row)}>
              {row.archived ? 'Bring back' : 'Archive'}
            </Button>
          )}
        </Group>
      ),
    },
  ]
}
