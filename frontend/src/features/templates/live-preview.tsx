import { Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ContentBody, PreviewShown } from '@/api'
import { FactList } from '@/components/fact-list'
import { Loaded } from '@/components/loaded'
import { Panel } from '@/components/panel'
import { count } from '@/lib/format'
import { leadChoicesQuery, previewQuery } from './api'
import classes from './templates.module.css'

type LeadChoice = { id: string; first_name: string; last_name: string; email: string; company: string }

/** What Claude would be asked about a lead with the form as it stands, saved or not. Costs nothing. */
export function LivePreview({ content }: { content: ContentBody }) {
  const [words, setWords] = useState('')
  const [picked, setPicked] = useState<LeadChoice | null>(null)
  const [searched] = useDebouncedValue(words, 250)
  const newest = useQuery(leadChoicesQuery('')).data?.[0]
  const found = useQuery(leadChoicesQuery(searched)).data ?? []
  // Whom the preview is about stays while others are searched for.
  const chosen = picked ?? newest ?? null
  const leads = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found
  return (
    <Panel title="Preview">
      <Stack gap="sm">
        <Select
          label="Lead"
          description="The prompt for this person, as it would be sent now"
          searchable
          allowDeselect={false}
          data={leads.map((lead) => ({ value: lead.id, label: nameOf(lead) }))}
          // The server has searched already, also in what the label does not show.
          filter={({ options }) => options}
          value={chosen?.id ?? null}
          onChange={(id) => setPicked(leads.find((lead) => lead.id === id) ?? null)}
          // The field says whom it shows by the same call that says what is typed.
          onSearchChange={(typed) => setWords(chosen && typed === nameOf(chosen) ? '' : typed)}
          nothingFoundMessage="Nobody of that name"
        />
        {chosen ? <Prompt leadId={chosen.id} content={content} /> : null}
      </Stack>
    </Panel>
  )
}

function nameOf({ first_name, last_name, email, company }: LeadChoice): string {
  return `${`${first_name} ${last_name}`.trim() || email}${company ? `, ${company}` : ''}`
}

function Prompt({ leadId, content }: { leadId: string; content: ContentBody }) {
  const query = useQuery(previewQuery(leadId, content))
  return (
    <Loaded query={query} rows={4}>
      {(preview) => <Sent preview={preview} />}
    </Loaded>
  )
}

function Sent({ preview }: { preview: PreviewShown }) {
  const { sent, empty, tokens, system, user_text } = preview
  return (
    <Stack gap="sm">
      <Text fz="sm">All that is sent of this lead, about {count(tokens)} tokens with the instructions:</Text>
      <FactList facts={Object.entries(sent).map(([name, value]) => ({ name, value }))} />
      {empty.length > 0 ? (
        <Text fz="sm" c="dimmed">
          Not known of this lead: {empty.join(', ')}.
        </Text>
      ) : null}
      <details>
        <summary>The whole prompt</summary>
        <pre className={classes.prompt} tabIndex={0}>
          {system}
          {'\n\n— and for this lead —\n\n'}
          {user_text}
        </pre>
      </details>
    </Stack>
  )
}
