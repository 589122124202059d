import { Box, Button, Group, Stack, Text, TextInput, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import type { ContentBody, SnippetShapeBody, TemplateShown } from '@/api'
import { Panel } from '@/components/panel'
import { Problem } from '@/components/problem'
import { useMay } from '@/lib/session'
import { checkQuery, useChangeTemplate, variablesQuery } from './api'
import { ContentProblems } from './content-problems'
import { LivePreview } from './live-preview'
import { ShapeTable } from '@/components/shape-table'

/** All of a template in one form: for whom the texts speak, what is said of the person, which texts there are. */
export function TemplateForm({ template }: { template: TemplateShown }) {
  const { content: stored } = template
  const mayManage = useMay('manage')
  const change = useChangeTemplate(template.id)
  const [name, setName] = useState(template.name)
  const [brief, setBrief] = useState(stored.brief)
  const [systemText, setSystemText] = useState(stored.system_text)
  const [personText, setPersonText] = useState(stored.person_text)
  const [shape, setShape] = useState<SnippetShapeBody[]>(stored.shape)
  const content: ContentBody = { brief, system_text: systemText, person_text: personText, shape }
  const [typed] = useDebouncedValue(JSON.stringify(content), 500)
  const settled = JSON.parse(typed) as ContentBody
  const problems = useQuery(checkQuery(settled)).data ?? template.problems
  const columns = useQuery(variablesQuery).data?.columns ?? []
  const personBox = useRef<HTMLTextAreaElement>(null)
  const insert = (variable: string) => {
    const at = personBox.current?.selectionStart ?? personText.length
    setPersonText(`${personText.slice(0, at)}{{${variable}}}${personText.slice(at)}`)
    personBox.current?.focus()
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    change.mutate({ version: template.version, name, ...content })
  }
  const lines = (values: string[] | undefined) => (values ?? []).join('\n')
  const fromLines = (text: string) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!mayManage} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <Stack gap="md">
          <Panel title="For whom the texts speak">
            <Stack gap="sm">
              <TextInput
                label="Name"
                value={name}
                onChange={(e) => setName(e.currentTarget.value)}
                required
              />
              <TextInput
                label="Company"
                value={brief.company ?? ''}
                onChange={(e) => setBrief({ ...brief, company: e.currentTarget.value })}
              />
              <Textarea
                label="What we sell"
                description="Facts only: what is not said here, must not appear in a text"
                value={brief.product ?? ''}
                onChange={(e) => setBrief({ ...brief, product: e.currentTarget.value })}
                autosize
                minRows={2}
              />
              <Textarea
                label="Proof points"
                description="One a line"
                defaultValue={lines(brief.proof_points)}
                onChange={(e) => setBrief({ ...brief, proof_points: fromLines(e.currentTarget.value) })}
                autosize
                minRows={2}
              />
              <Textarea
                label="Voice"
                value={brief.voice ?? ''}
                onChange={(e) => setBrief({ ...brief, voice: e.currentTarget.value })}
                autosize
                minRows={2}
              />
              <Textarea
                label="Words that must not appear"
                description="One a line"
                defaultValue={lines(brief.forbidden_words)}
                onChange={(e) => setBrief({ ...brief, forbidden_words: fromLines(e.currentTarget.value) })}
                autosize
                minRows={1}
              />
            </Stack>
          </Panel>
          <Panel title="The texts of a sequence">
            <ShapeTable shape={shape} readOnly={!mayManage} onChange={setShape} />
          </Panel>
          <Panel title="The prompt">
            <Stack gap="sm">
              <Textarea
                label="Instructions"
                value={systemText}
                onChange={(e) => setSystemText(e.currentTarget.value)}
                autosize
                minRows={6}
                maxRows={24}
                required
              />
              <Textarea
                ref={personBox}
                label="What is said of the person"
                value={personText}
                onChange={(e) => setPersonText(e.currentTarget.value)}
                autosize
                minRows={4}
                maxRows={20}
              />
              {mayManage ? <Variables columns={columns} onPick={insert} /> : null}
            </Stack>
          </Panel>
          {problems.length > 0 ? (
            <Panel title="Remarks">
              <ContentProblems problems={problems} />
            </Panel>
          ) : null}
          {change.isError ? <Problem error={change.error} title="The template was not saved" /> : null}
          {mayManage ? (
            <Group justify="flex-end">
              <Button type="submit" loading={change.isPending}>
                Save as the next version
              </Button>
            </Group>
          ) : (
            <Text fz="sm" c="dimmed">
              Managers change templates.
            </Text>
          )}
        </Stack>
      </fieldset>
      <Box mt="md">
        <LivePreview content={settled} />
      </Box>
    </form>
  )
}

const FIELDS = [
  'first_name',
  'last_name',
  'company',
  'title',
  'industry',
  'city',
  'country',
  'website',
  'linkedin_url',
]

/** Fields of a lead, and columns of imported lists (research links, attachments, notes), one click away. */
function Variables({ columns, onPick }: { columns: string[]; onPick: (name: string) => void }) {
  return (
    <Group gap={6} role="group" aria-label="Variables">
      {[...FIELDS, ...columns.filter((name) => !FIELDS.includes(name)).slice(0, 20)].map((name) => (
        <Button key={name} size="compact-xs" variant="default" fw={450} onClick={() => onPick(name)}>
          {`{{${name}}}`}
        </Button>
      ))}
    </Group>
  )
}
