import { Group, Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ChangeShown, VersionShown } from '@/api'
import { Loaded } from '@/components/loaded'
import { Panel } from '@/components/panel'
import { exactTime } from '@/lib/format'
import { differencesQuery, versionsQuery } from './api'
import { fieldWords } from './field-words'
import classes from './templates.module.css'

/** What two versions say differently: by default the newest and the one before. */
export function VersionsPanel({ templateId }: { templateId: string }) {
  const query = useQuery(versionsQuery(templateId))
  return (
    <Panel title="Versions">
      <Loaded query={query} rows={2}>
        {(versions) =>
          versions.length < 2 ? (
            <Text fz="sm" c="dimmed">
              This is the first version. What you change can be compared with it.
            </Text>
          ) : (
            <Comparison templateId={templateId} versions={versions} />
          )
        }
      </Loaded>
    </Panel>
  )
}

function Comparison({ templateId, versions }: { templateId: string; versions: VersionShown[] }) {
  const lasting = versions.filter((version) => !version.session_only)
  const [newest, previous] = (lasting.length < 2 ? versions : lasting).map(({ number }) => String(number))
  // Until somebody chooses, a version that is saved while the page stands is the newest there too.
  const [chosen, setChosen] = useState<{ before?: string; after?: string }>({})
  const { before = previous ?? '1', after = newest ?? '1' } = chosen
  const query = useQuery(differencesQuery(templateId, Number(before), Number(after)))
  const choices = versions.map((version) => ({
    value: String(version.number),
    label: `${version.number}${version.session_only ? ' (one run)' : ''} · ${exactTime(version.created_at)}`,
  }))
  return (
    <Stack gap="sm">
      <Group gap="sm" grow preventGrowOverflow={false}>
        <Select
          label="From version"
          data={choices}
          value={before}
          allowDeselect={false}
          onChange={(value) => value && setChosen({ ...chosen, before: value })}
        />
        <Select
          label="To version"
          data={choices}
          value={after}
          allowDeselect={false}
          onChange={(value) => value && setChosen({ ...chosen, after: value })}
        />
      </Group>
      <Loaded query={query} rows={2}>
        {({ changes }) =>
          changes.length === 0 ? (
            <Text fz="sm" c="dimmed">
              They say the same.
            </Text>
          ) : (
            <Stack gap="md">
              {changes.map((change) => (
                <Change key={change.field} change={change} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Stack>
  )
}

function Change({ change }: { change: ChangeShown }) {
  const name = fieldWords(change.field)
  return (
    <div role="group" aria-label={name}>
      <Text fz="sm" fw={600}>
        {name}
      </Text>
      <div className={classes.difference}>
        {change.pieces.map(({ kind, text }, index) => {
          if (kind === 'added') return <ins key={index}>{text}</ins>
          if (kind === 'removed') return <del key={index}>{text}</del>
          return <span key={index}>{text}</span>
        })}
      </div>
    </div>
  )
}
